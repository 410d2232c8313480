/** Functions that work with libraries: their docstrings run as sessions, on real programs; in bubblewrap where it works. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "../../../src/core/problem.ts";
import { bubblewrapCheck } from "../../../src/sandbox/diagnose.ts";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { smallEvidence } from "../../../src/statement/run/execution-evidence.ts";
import { furtherSessions } from "../../../src/statement/sessions/further-sessions.ts";
import { readSessions } from "../../../src/statement/sessions/read-sessions.ts";
import { loadPythonParser } from "../../../src/steps/index.ts";
import { problemOf } from "../problem-of.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  await loadPythonParser();
  const { ok } = await bubblewrapCheck();
  sandbox = await openSandbox({ jobs: 1, unsafe: !ok });
});
afterAll(() => sandbox.close());

function task(imports: string, signature: string, docstring: string): Problem {
  const starterCode = `${imports}\n\ndef ${signature}:\n    """\n    ${docstring.replaceAll("\n", "\n    ")}\n    """\n`;
  return problemOf("function", starterCode, { starterCode, entryPoint: "task_func" });
}
const summing = task(
  "import json\nimport os",
  "task_func(path)",
  `Sums the values of a JSON file.

Parameters:
- path (str): The file.

Raises:
- FileNotFoundError: If there is none.

Example:
>>> task_func('/data/values.json')
30`,
);
const program = (body: string): string => `import json\nimport os\ndef task_func(path):\n${body}\n`;
const sum = program("    with open(path) as file:\n        return sum(json.load(file).values())");

/** Pairs of the programs that are answered for alike on all further calls. */
async function alike(problem: Problem, ...codes: string[]): Promise<boolean[]> {
  const [first, ...others] = await smallEvidence(problem, codes, { sandbox });
  return others.map(({ probeAnswers }) => {
    expect(probeAnswers?.some((answer) => answer !== null)).toBe(true);
    return JSON.stringify(probeAnswers) === JSON.stringify(first?.probeAnswers);
  });
}

describe("reading", () => {
  test("all of a docstring is one session, and what it does not import is imported", () => {
    const problem = task(
      "import os",
      "task_func(x)",
      ">>> d = datetime(2024, 1, 2)\n>>> task_func(d)\n'ok'\n\nOr:\n>>> task_func(np.array([1]))",
    );
    expect(readSessions(problem).map(({ steps }) => steps.map(({ source }) => source))).toEqual([
      [
        "import numpy as np",
        "from datetime import datetime",
        "d = datetime(2024, 1, 2)",
        "task_func(d)",
        "task_func(np.array([1]))",
      ],
    ]);
  });

  test("a name that the starter code binds is left alone", () => {
    const problem = task("import datetime", "task_func(x)", ">>> task_func(datetime.datetime.min)");
    expect(readSessions(problem)[0]?.steps.map(({ source }) => source)).toEqual([
      "task_func(datetime.datetime.min)",
    ]);
  });

  test("a function of literals is read as before", async () => {
    const problem = task("from typing import List", "task_func(x)", ">>> task_func([1, 2])\n3");
    expect(readSessions(problem)).toEqual([]);
    const [evidence] = await smallEvidence(problem, ["def task_func(x):\n    return sum(x)\n"], { sandbox });
    expect(evidence?.exampleResults).toEqual([true]);
  });
});

describe("further calls", () => {
  test("paths of the docstring become files that are there", async () => {
    const sessions = await furtherSessions(summing, readSessions(summing), { sandbox });
    const sources = sessions.map(({ steps }) => steps.map(({ source }) => source));
    expect(sources).toContainEqual(["task_func('/data/values.json')"]);
    expect(sources).toContainEqual([
      expect.stringContaining("write_text"),
      expect.stringMatching(/^task_func\('data0\.json'\)$/),
    ]);
    expect(new Set(sources.map((each) => JSON.stringify(each))).size).toBe(sources.length);
    expect(sessions.every(({ steps }) => steps.at(-1)?.method === "task_func")).toBe(true);
  });

  test("a call without arguments where none is needed; wrong arguments in any case", async () => {
    const problem = task("import os", "task_func(n=3)", "Gives n.\n>>> task_func(5)\n5");
    const sessions = await furtherSessions(problem, readSessions(problem), { sandbox });
    const last = sessions.map(({ steps }) => steps.at(-1)?.source);
    expect(last).toContain("task_func()");
    expect(last).toContain("task_func(None)");
  });

  test("built-in names need no setup, so that no call is guessed", async () => {
    const problem = task("import os", "task_func(x: str)", ">>> task_func(list(range(3)))\n[0, 1, 2]");
    const sessions = await furtherSessions(problem, readSessions(problem), { sandbox });
    const last = sessions.map(({ steps }) => steps.at(-1)?.source);
    expect(last).toContain("task_func(list(range(3)))");
    expect(last.join(" ")).not.toMatch(/task_func\('(?:a|abc|Hello world|test 1)'\)/);
  });

  test("what cannot be set up is left out, helpers that only the author has are passed over", async () => {
    const problem = task(
      "import os",
      "task_func(x)",
      ">>> make_files('a')\n>>> x = int('7')\n>>> task_func(x)",
    );
    const sessions = await furtherSessions(problem, readSessions(problem), { sandbox });
    expect(sessions.length).toBeGreaterThan(1);
    for (const { steps } of sessions) {
      expect(steps[0]?.source).toMatch(/^x = int\('-?\d+'\)$/);
      expect(steps.map(({ source }) => source)).not.toContain("make_files('a')");
    }
  });
});

describe("evidence", () => {
  test("files that a call finds and writes tell programs apart", async () => {
    const other = program("    with open(path) as file:\n        return max(json.load(file).values())");
    const same = program("    text = open(path).read()\n    return sum(json.loads(text).values())");
    const writes = program(
      "    with open(path) as file:\n        total = sum(json.load(file).values())\n" +
        "    open('out.txt', 'w').write(str(total))\n    return total",
    );
    expect(await alike(summing, sum, same, other, writes)).toEqual([true, false, false]);
  });

  test("what a wrong argument raises counts", async () => {
    const quiet = program(
      "    if not os.path.exists(path):\n        return 0\n    with open(path) as file:\n        return sum(json.load(file).values())",
    );
    expect(await alike(summing, sum, quiet)).toEqual([false]);
  });

  test("chance is seeded, and nothing waits", async () => {
    const problem = task("import os\nimport random", "task_func(n=5)", ">>> task_func(2)");
    const drawing = (wait: string): string =>
      `import random, time\ndef task_func(n=5):\n    ${wait}\n    return [random.randint(0, 99) for _ in range(n)]\n`;
    expect(await alike(problem, drawing("pass"), drawing("time.sleep(3600)"))).toEqual([true]);
  });

  test("the network answers the same page to all, and not everywhere", async () => {
    const problem = task(
      "import urllib.request",
      "task_func(url)",
      ">>> task_func('https://example.com/page')\n>>> task_func('http://invalid.example')",
    );
    const reading = (body: string): string =>
      `import urllib.request\nimport re\ndef task_func(url):\n    ${body}\n`;
    const links = reading(
      "return re.findall('href=.(.*?)[\\'\"]', urllib.request.urlopen(url).read().decode())",
    );
    const alsoLinks = reading(
      "with urllib.request.urlopen(url) as page:\n        return re.findall('href=.(.*?)[\\'\"]', page.read().decode('utf-8'))",
    );
    const first = reading(
      "return re.findall('href=.(.*?)[\\'\"]', urllib.request.urlopen(url).read().decode())[:1]",
    );
    expect(await alike(problem, links, alsoLinks, first)).toEqual([true, false]);
  });

  test("a program that cannot be loaded answers nothing", async () => {
    const [evidence] = await smallEvidence(summing, ["import not_there\n", sum], { sandbox });
    expect(evidence?.probeAnswers?.every((answer) => answer === null)).toBe(true);
    expect(evidence?.exampleResults).toEqual([false]);
  });
});

/** Values of libraries, where the interpreter has them. */
const LIBRARIES: readonly (readonly [module: string, left: string, equal: string, different: string])[] = [
  ["numpy", "numpy.array([1, 2])", "[1.0, 2.0]", "numpy.array([1, 3])"],
  [
    "pandas",
    "pandas.DataFrame({'a': [1, 2]})",
    "pandas.DataFrame({'a': [1.0, 2.0]}, index=[4, 7])",
    "pandas.DataFrame({'b': [1, 2]})",
  ],
  ["pandas", "pandas.Series([1, 2], name='x')", "pandas.Series([1, 2])", "pandas.Series([2, 1])"],
  ["PIL.Image", "PIL.Image.new('L', (2, 2))", "PIL.Image.new('L', (2, 2))", "PIL.Image.new('L', (2, 3))"],
  [
    "matplotlib.pyplot",
    "matplotlib.pyplot.plot([1, 2])[0].axes",
    "matplotlib.pyplot.plot([0, 1], [1, 2])[0].axes",
    "matplotlib.pyplot.plot([2, 1])[0].axes",
  ],
];
describe.each(LIBRARIES)("a value of %s: %s", (module, left, equal, different) => {
  test("is compared by what it holds", async ({ skip }) => {
    const answering = (value: string): string => `import ${module}\ndef task_func(x):\n    return ${value}\n`;
    const problem = task(`import ${module}`, "task_func(x)", ">>> task_func(1)");
    const found = await smallEvidence(problem, [left, equal, different].map(answering), { sandbox });
    skip(found[0]?.probeAnswers?.every((answer) => answer === null) === true, `${module} is not installed`);
    const [one, same, other] = found.map(({ probeAnswers }) => JSON.stringify(probeAnswers));
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });
});
