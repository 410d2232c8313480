/** Programs and tests that real judges take as they are. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Problem, TestCase } from "../../src/core/problem.ts";
import { gradeCandidates } from "../../src/grade/grader.ts";
import type { Graded } from "../../src/grade/verdict.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 2 });
});
afterAll(async () => sandbox.close());

async function grade(problem: Partial<Problem>, code: string): Promise<Graded> {
  const whole: Problem = {
    id: "p",
    statement: "",
    kind: "stdin",
    starterCode: "",
    exampleTests: [],
    meta: {},
    ...problem,
  };
  const candidate = { problemId: "p", sampleIndex: 0, code, warnings: [], extra: {} };
  for await (const graded of gradeCandidates([candidate], () => Promise.resolve(whole), sandbox))
    return graded;
  throw new Error("nothing was graded");
}

const listed = (...tests: TestCase[]): Partial<Problem> => ({ hiddenTests: { form: "list", tests } });
const prints = (output: string): Partial<Problem> => listed({ type: "stdio", input: "1\n", output });

describe("a program may raise its limits", () => {
  const deep = "def f(n):\n    return 0 if n == 0 else 1 + f(n - 1)\n";
  const inThread = "t = threading.Thread(target=lambda: print(f(50000)))\nt.start()\nt.join()\n";
  test.each([
    ["recursion", `import sys\nsys.setrecursionlimit(2 ** 31 - 1)\n${deep}print(f(50000))`],
    ...[26, 27, 28, 29, 30, 31].map((bits) => [
      `the stack of a thread to 2 ** ${bits}`,
      `import sys, threading\nsys.setrecursionlimit(10 ** 7)\nthreading.stack_size(2 ** ${bits})\n${deep}${inThread}`,
    ]),
    [
      "_thread's stack size",
      `import sys, _thread\n_thread.stack_size(2 ** 30)\nimport threading\nsys.setrecursionlimit(10 ** 7)\n${deep}${inThread}`,
    ],
    [
      "the stack without end",
      "from resource import *\nsetrlimit(RLIMIT_STACK, (RLIM_INFINITY, RLIM_INFINITY))\nprint(50000)",
    ],
    ["the stack by -1", "import resource\nresource.setrlimit(resource.RLIMIT_STACK, (-1, -1))\nprint(50000)"],
    [
      "a soft limit",
      "import resource\nresource.setrlimit(resource.RLIMIT_STACK, (2 ** 29, resource.RLIM_INFINITY))\nprint(50000)",
    ],
    [
      "memory, time and files",
      "import resource as r\nfor each in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_NOFILE):\n    r.setrlimit(each, (2 ** 40, 2 ** 40))\nprint(50000)",
    ],
  ])("%s", async (_, code) => {
    expect(await grade(prints("50000"), code)).toMatchObject({ verdict: "pass" });
  });

  test("and gets no more than the sandbox gives", async () => {
    const raise =
      "import resource as r\nfor each in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE):\n    r.setrlimit(each, (-1, -1))\n";
    expect(await grade(prints("1"), `${raise}x = bytearray(2 ** 34)`)).toMatchObject({
      verdict: "memory_limit",
    });
    const left =
      "print(all(r.getrlimit(each)[1] != r.RLIM_INFINITY for each in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE)))";
    expect(await grade(prints("True"), raise + left)).toMatchObject({ verdict: "pass" });
  });

  test("but no wrong limit", async () => {
    const code =
      "import resource\ntry:\n    resource.setrlimit(resource.RLIMIT_STACK, (2, 1))\nexcept ValueError:\n    print('no')";
    expect(await grade(prints("no"), code)).toMatchObject({ verdict: "pass" });
  });
});

test.each([
  "import getpass\nprint(getpass.getuser())",
  "import os\nprint(os.environ['USER'])",
  "import os, pwd\nprint(pwd.getpwuid(os.getuid()).pw_name)",
  "from pathlib import Path\nPath('a').touch()\nprint(Path('a').owner())",
  "import grp, os\nprint(grp.getgrgid(os.getgid()).gr_name)",
  "import os\nprint('sandbox' if os.path.expanduser('~sandbox') == os.environ['HOME'] else '')",
])("the program has a name: %j", async (code) => {
  expect(await grade(prints("sandbox"), code)).toMatchObject({ verdict: "pass" });
});

describe("a test that calls its check itself", () => {
  const starterCode = 'def dbl(x: int) -> int:\n    """ Double x. """\n';
  const withCheck = (source: string): Partial<Problem> => ({
    kind: "function",
    entryPoint: "dbl",
    starterCode,
    ...listed({ type: "check", source, entryPoint: "dbl" }),
  });
  const check = "def check(candidate):\n    assert candidate(2) == 4\n";
  test.each([
    ["at once", `${check}\ncheck(dbl)\n`],
    ["through a function", `${check}\ndef main():\n    check(dbl)\nmain()\n`],
    ["under the program's name", "def check(dbl):\n    assert dbl(2) == 4\n\ncheck(dbl)\n"],
    ["in try and except", `${check}\ntry:\n    check(dbl)\nexcept AssertionError:\n    raise\n`],
    ["not", check],
  ])("%s", async (_, source) => {
    const problem = withCheck(source);
    expect((await grade(problem, "def dbl(x):\n    return 2 * x")).verdict).toBe("pass");
    expect((await grade(problem, "def dbl(x):\n    return 3 * x")).verdict).toBe("wrong_answer");
    expect((await grade(problem, "def dbl(x):\n    raise KeyError(x)")).verdict).toBe("runtime_error");
    expect((await grade(problem, "import os\ndef dbl(x):\n    os._exit(0)")).verdict).toBe("runtime_error");
    expect((await grade(problem, "def dbl(x) return x")).verdict).toBe("runtime_error");
  });

  test("and one that is broken by itself says nothing of the program", async () => {
    expect(
      (await grade(withCheck(`${check}\ncheck(missing)\n`), "def dbl(x):\n    return 2 * x")).verdict,
    ).toBe("infra_error");
    expect((await grade(withCheck("check(dbl)\n"), "def dbl(x):\n    return 2 * x")).verdict).toBe(
      "infra_error",
    );
  });
});

test("a bare function answers for a method where the text has no class Solution", async () => {
  const starterCode = "class Solution:\n    def twice(self, x: int) -> int:\n        ";
  const call: TestCase = { type: "call", args: [3], expected: 6 };
  const problem: Partial<Problem> = {
    kind: "method",
    entryPoint: "Solution().twice",
    starterCode,
    ...listed(call),
  };
  expect((await grade(problem, "def twice(x):\n    return 2 * x")).verdict).toBe("pass");
  expect(
    (await grade(problem, "class Solution:\n    def twice(self, x):\n        return 2 * x")).verdict,
  ).toBe("pass");
  expect((await grade(problem, "class Solution:\n    pass\ndef twice(x):\n    return 2 * x")).verdict).toBe(
    "runtime_error",
  );
});

test("integers of more digits than Python reads by itself are arguments and answers", async () => {
  const digits = `1${"0".repeat(5000)}`;
  const tests: TestCase = {
    type: "call",
    args: [],
    expected: null,
    argsJson: `[${digits}, [${digits}]]`,
    expectedJson: `${digits.slice(0, -1)}1`,
  };
  const problem: Partial<Problem> = { kind: "function", entryPoint: "f", ...listed(tests) };
  expect((await grade(problem, "def f(a, b):\n    return b[0] + 1")).verdict).toBe("pass");
  expect((await grade(problem, "def f(a, b):\n    return a")).verdict).toBe("wrong_answer");
  // The program has the interpreter's own limit.
  expect((await grade(problem, "def f(a, b):\n    return len(str(a))")).verdict).toBe("runtime_error");
});

test("tests of the statement are the tests where there are no others", async () => {
  const example: TestCase = { type: "stdio", input: "21\n", output: "42\n" };
  expect((await grade({ exampleTests: [example] }, "print(2 * int(input()))")).verdict).toBe("pass");
  expect((await grade({ exampleTests: [example] }, "print(int(input()))")).verdict).toBe("wrong_answer");
});
