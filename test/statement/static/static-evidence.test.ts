/** Programs read by a real interpreter; where bubblewrap works, inside it. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bubblewrapCheck } from "../../../src/sandbox/diagnose.ts";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import { ObservedSandbox } from "../../../src/sandbox/observed-sandbox.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { smallEvidence } from "../../../src/statement/run/execution-evidence.ts";
import { isSound, soundness } from "../../../src/statement/static/soundness.ts";
import {
  type StaticEvidence,
  staticEvidence,
  staticEvidenceOfAll,
} from "../../../src/statement/static/static-evidence.ts";
import { staticWarnings } from "../../../src/statement/static/static-warnings.ts";
import { FakeSandbox } from "../../sandbox/fake-sandbox.ts";
import { problemOf } from "../problem-of.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  const { ok } = await bubblewrapCheck();
  sandbox = await openSandbox({ jobs: 1, unsafe: !ok });
});
afterAll(() => sandbox.close());

const script = problemOf("stdin", "Read n.");
const counter = problemOf("method", "A counter.", {
  starterCode: `class Counter:
    """Counts."""
    def __init__(self, start=0):
        self.count = start

    def add(self, n, times=1):
        """
        Adds n.
        :return: int, the count
        """

    @staticmethod
    def name():
        """
        :return: None
        """
`,
  entryPoint: "Counter",
});

async function findings(code: string, problem = script): Promise<string[]> {
  const [evidence] = await staticEvidence(problem, [code], { sandbox });
  return (evidence?.findings ?? []).map(({ kind, scope, detail, line }) => {
    const place = [...(line === 0 ? [] : [`line ${line}`]), ...(scope === "" ? [] : [scope])].join(", ");
    return `${kind}: ${place === "" ? detail : `${place}: ${detail}`}`;
  });
}

/** A Counter with these methods besides its `__init__`. */
const counterWith = (methods: string): string =>
  `class Counter:\n    def __init__(self, start=0):\n        self.count = start\n${methods}`;
const NAME = "    @staticmethod\n    def name():\n        print('Counter')\n";
const ADD = "    def add(self, n, times=1):\n        self.count += n * times\n        return self.count\n";

describe("what a problem asks for", () => {
  test("a program that has it all has no findings", async () => {
    expect(await findings(counterWith(ADD + NAME), counter)).toEqual([]);
  });

  test("a missing method, a missing class", async () => {
    expect(await findings(counterWith(ADD), counter)).toEqual([
      "missing: Counter.name: Counter.name is not defined",
    ]);
    expect(await findings("x = 1", counter)).toContain("missing: Counter: Counter is not defined");
  });

  test("methods of a base class are there", async () => {
    const code = `class Base:\n${ADD}\nclass Counter(Base):\n    def __init__(self, start=0):\n        self.count = start\n${NAME}`;
    expect(await findings(code, counter)).toEqual([]);
  });

  test("another number of parameters, unless defaults or *args take them", async () => {
    const few = "    def add(self, n):\n        return n\n";
    expect(await findings(counterWith(few + NAME), counter)).toEqual([
      "signature: line 4, Counter.add: Counter.add takes 1 arguments, the problem says 2",
    ]);
    const open = "    def add(self, *args):\n        return args\n";
    expect(await findings(counterWith(open + NAME), counter)).toEqual([]);
  });

  test("bodies left out, and values never returned", async () => {
    const stub = '    def add(self, n, times=1):\n        """Adds."""\n        # to do\n        pass\n';
    expect(await findings(counterWith(stub + NAME), counter)).toEqual([
      "stub: line 4, Counter.add: Counter.add has no body",
    ]);
    const silent =
      "    def add(self, n, times=1):\n        def f():\n            return 1\n        self.count += n\n";
    expect(await findings(counterWith(silent + NAME), counter)).toEqual([
      "no-return: line 4, Counter.add: Counter.add never returns a value",
    ]);
  });

  test("starter code that ends at its signature, and an entry point alone", async () => {
    const solution = problemOf("method", "Twice n.", {
      starterCode: "class Solution:\n    def twice(self, n: int) -> int:\n        ",
      entryPoint: "Solution().twice",
    });
    expect(
      await findings("class Solution:\n    def twice(self, n: List[int]):\n        return sqrt(n)", solution),
    ).toEqual([]);
    expect(await findings("class Solution:\n    def double(self, n):\n        return n", solution)).toEqual([
      "missing: Solution.twice: Solution.twice is not defined",
    ]);
    const bare = problemOf("function", "Twice n.", { entryPoint: "twice" });
    expect(await findings("twice = lambda n: 2 * n", bare)).toEqual([]);
    expect(await findings("def double(n): return 2 * n", bare)).toEqual([
      "missing: twice: twice is not defined",
    ]);
  });
});

describe("what is read is what grading calls", () => {
  const twice = problemOf("method", "Twice n.", {
    starterCode: "class Solution:\n    def twice(self, n: int) -> int:\n        ",
    entryPoint: "Solution().twice",
  });
  test.each([
    ["def twice(n):\n    return 2 * n", []],
    ["twice = lambda n: 2 * n", []],
    ["def double(n):\n    return 2 * n", ["missing: twice: twice is not defined"]],
    [
      "def twice(self, n):\n    return 2 * n",
      ["signature: line 1, twice: twice takes 2 arguments, the problem says 1"],
    ],
    ["def twice(n):\n    pass", ["stub: line 1, twice: twice has no body"]],
    // A text that names the class is called through it, whatever else it holds.
    [
      "def twice(n): return 2 * n\n# class Solution",
      [
        "missing: Solution: Solution is not defined",
        "missing: Solution.twice: Solution.twice is not defined",
      ],
    ],
  ])("%j", async (code, expected) => {
    expect(await findings(code, twice)).toEqual(expected);
    const bare = problemOf("method", "Twice n.", { entryPoint: "Solution().twice" });
    const missing = (await findings(code, bare)).filter((text) => text.startsWith("missing"));
    expect(missing).toEqual(expected.filter((text) => text.startsWith("missing")));
  });

  test("no other class of the starter code is given up", async () => {
    const nodes = problemOf("method", "Twice n.", {
      starterCode: "class Node:\n    pass\n\nclass Solution:\n    def twice(self, n: int) -> int:\n        ",
      entryPoint: "Solution().twice",
    });
    expect(await findings("def twice(n):\n    return 2 * n", nodes)).toEqual([
      "missing: Node: Node is not defined",
    ]);
  });
});

describe("a fault of the sandbox says nothing of a program", () => {
  const programs = ["print(1)", "print(2)"];
  test.each(["infra", "timeout_wall"] as const)("%s for all, and then for one", async (status) => {
    const broken = new (class extends FakeSandbox {
      override run: FakeSandbox["run"] = async (job, options) => {
        const whole = await sandbox.run(job, options);
        const asked = "stdin" in job ? JSON.parse(job.stdin)[0].programs : [];
        return asked.length === 2 || asked[0].code === "print(2)" ? { ...whole, stdout: "", status } : whole;
      };
    })(new Map());
    const evidence = await staticEvidence(script, programs, { sandbox: broken });
    expect(evidence).toEqual([{ compiles: true, findings: [] }, undefined]);
    const counted = await smallEvidence(script, programs, { sandbox: broken });
    expect(counted.map((each) => each.soundness)).toEqual([0, undefined]);
  });
});

describe("programs of several problems", () => {
  const adder = problemOf("function", "Adds.", {
    starterCode: "def add(a, b):\n    pass\n",
    entryPoint: "add",
  });
  const pairs = [
    { problem: script, code: "print(nothing)" },
    { problem: adder, code: "def add(a, b):\n    return a + b\n" },
    { problem: script, code: "def add(a, b):\n    return a + b\n" },
    { problem: adder, code: "print(1)" },
    { problem: script, code: "print(nothing)" },
  ];
  const expected = [["nothing is not defined"], [], [], ["add is not defined"], ["nothing is not defined"]];
  const details = (found: Awaited<ReturnType<typeof staticEvidenceOfAll>>): unknown[] =>
    found.map((each) => each?.findings.map(({ detail }) => detail));

  test("are read in one run, each by what its own problem asks for", async () => {
    let runs = 0;
    const counting = new ObservedSandbox(sandbox, () => void (runs += 1));
    expect(details(await staticEvidenceOfAll(pairs, { sandbox: counting }))).toEqual(expected);
    expect(runs).toBe(1);
    expect(await staticEvidenceOfAll([], { sandbox: counting })).toEqual([]);
    expect(runs).toBe(1);
  });

  test("one that ends the parser does not take others with it", async () => {
    const dying = new (class extends FakeSandbox {
      override run: FakeSandbox["run"] = async (job, options) => {
        const result = await sandbox.run(job, options);
        const isDeadly = "stdin" in job && job.stdin.includes("nothing");
        return isDeadly ? { ...result, status: "signal", signal: 11, stdout: "" } : result;
      };
    })(new Map());
    expect(details(await staticEvidenceOfAll(pairs, { sandbox: dying }))).toEqual([
      ["the parser ended its process"],
      ...expected.slice(1, 4),
      ["the parser ended its process"],
    ]);
  });
});

describe("findings in words", () => {
  const found = (count: number): StaticEvidence["findings"] =>
    Array.from({ length: count }, (_, i) => ({
      kind: "undefined",
      scope: "f",
      detail: `x${i} is not defined`,
      line: i,
    }));

  test("line and function first, a few of many", () => {
    expect(staticWarnings({ compiles: true, findings: [] })).toEqual([]);
    const many = staticWarnings({ compiles: true, findings: found(7) });
    expect(many.slice(0, 2)).toEqual(["f: x0 is not defined", "line 1, f: x1 is not defined"]);
    expect(many.slice(4)).toEqual(["line 4, f: x4 is not defined", "2 more of the kind"]);
    const broken = { kind: "syntax", scope: "", detail: "invalid syntax", line: 3 } as const;
    expect(staticWarnings({ compiles: false, findings: [broken] })).toEqual([
      "does not compile: line 3: invalid syntax",
    ]);
  });
});

describe("what a program says by itself", () => {
  test.each([
    ["print(n)", "undefined: line 1: n is not defined"],
    ["def f():\n    return helper(1)", "undefined: line 2, f: helper is not defined"],
    ["def f(:\n    pass", "syntax: line 1: invalid syntax"],
    ["import math\nprint(math.squareroot(2))", "attribute: line 2: math has no squareroot"],
    [
      "from datetime import datetime\nprint(datetime.datetime.now())",
      "attribute: line 2: datetime has no datetime",
    ],
    ["import no_such_module", "import: line 1: there is no module no_such_module"],
    ["from math import gdc", "import: line 1: math has no gdc"],
    ["def f(a, b=1): pass\ndef g(): f()", "call: line 2, g: f gets no a"],
    ["def f(a): pass\ndef g(): f(1, 2)", "call: line 2, g: f takes 1 arguments and gets 2"],
    [
      "class A:\n    def f(self):\n        return self.items",
      "attribute: line 3, A.f: self.items is never set",
    ],
    ["class A:\n    def f(self):\n        self.n += 1", "attribute: line 3, A.f: self.n is never set"],
  ])("%j", async (code, expected) => {
    expect(await findings(code)).toEqual([expected]);
  });

  test.each([
    "from collections import *\nprint(deque([1]))",
    "exec('n = 1')\nprint(n)",
    "def f():\n    global n\n    n = 1\nf()\nprint(n)",
    "try:\n    import no_such_module\nexcept ImportError:\n    no_such_module = None",
    "class A(Unknown if False else object):\n    def f(self):\n        return self.items\nUnknown = 1",
    "class A:\n    def __init__(self, **kw):\n        self.__dict__.update(kw)\n    def f(self):\n        return self.items",
    "class A:\n    def f(self):\n        return self.items\na = A()\na.items = 3",
    "import random\nrandom = lambda: None\nrandom.nothing",
    "def top(n):\n    return n\nprint(top(1))",
    "print([y for x in [[1]] for y in x], (lambda z: z)(1), __name__)",
    "def f(a): pass\nf = print\nf(1, 2)",
    "import os.path\nprint(os.path.join('a', 'b'))",
  ])("no false alarm: %j", async (code) => {
    expect(await findings(code)).toEqual([]);
  });

  test("a program that the parser cannot take does not spoil the others' evidence", async () => {
    const deep = `x = ${"(".repeat(5000)}1${")".repeat(5000)}`;
    const evidence = await staticEvidence(script, ["print(n)", deep, "print(1)"], { sandbox });
    expect(evidence.map((each) => each?.compiles)).toEqual([true, false, true]);
    expect(evidence.map((each) => each?.findings.length)).toEqual([1, 1, 0]);
  });

  test("nothing of a program is run", async () => {
    expect(await findings("raise SystemExit(3)")).toEqual([]);
    expect(await findings("import antigravity, os\nos._exit(1)")).toEqual([]);
  });
});

test("soundness counts functions, and what does not compile comes last", async () => {
  const evidence = await staticEvidence(
    script,
    ["x = 1", "def f(): return a + b", "def f(): return a\ndef g(): return b", "def"],
    { sandbox },
  );
  expect(evidence.map((each) => each && soundness(each))).toEqual([0, -1, -2, Number.MIN_SAFE_INTEGER]);
  const [sound, one] = evidence;
  expect(sound && isSound(sound, "f")).toBe(true);
  expect(one && [isSound(one, "f"), isSound(one, "g")]).toEqual([false, true]);
});
