import { beforeAll, describe, expect, it } from "vitest";
import { linePrefix, lineProgram } from "../../../src/rollout/lines/line-program.ts";
import { spliced } from "../../../src/rollout/lines/splice.ts";
import { splicePolicy } from "../../../src/rollout/lines/splice-policy.ts";
import { loadPythonParser } from "../../../src/steps/index.ts";

beforeAll(loadPythonParser);

const program = (code: string, sampleIndex = 0) =>
  lineProgram({ problemId: "p", code, sampleIndex, warnings: [], extra: {} });
const OWN = "def f(a):\n    # sum\n    s = 0\n    for x in a:\n        s -= x\n    return s\n";
const OTHER = "import sys\n\ndef f(a):\n    s = 0\n    for x in a:\n        s += x\n    return s\n";

describe("a prefix goes on as another program does behind the same line", () => {
  it("with all that program's lines from there", () => {
    expect(spliced(program(OWN), 2, program(OTHER))).toBe(
      "def f(a):\n    # sum\n    s = 0\n    for x in a:\n        s += x\n    return s\n",
    );
  });

  it("at the place before which most lines agree", () => {
    const twice = "def g(a):\n    s = 0\n    return 1\n\ndef f(a):\n    s = 0\n    return 2\n";
    expect(spliced(program(OWN), 1, program(twice))).toBe("def f(a):\n    # sum\n    s = 0\n    return 2\n");
  });

  it("and not where there is no such line, or another indentation", () => {
    expect(spliced(program(OWN), 3, program(OTHER))).toBeUndefined();
    expect(spliced(program("s = 0\nprint(s)\n"), 0, program(OTHER))).toBeUndefined();
  });

  it("with a line break where the prefix has none", () => {
    expect(spliced(program("s = 0"), 0, program("s = 0\nprint(s)\n"))).toBe("s = 0\nprint(s)\n");
  });
});

it("the pool gives different completions, those of a smaller K first, and never the program itself", () => {
  const others = [1, 2, 3, 4, 5].map((n) => program(OTHER.replace("s += x", `s += ${n} * x`), n));
  const own = program(OWN, 9);
  const policy = splicePolicy(new Map([["p", [own, ...others, ...others]]]), 0);
  const problem = {
    id: "p",
    statement: "",
    kind: "function",
    starterCode: "",
    exampleTests: [],
    meta: {},
  } as const;
  const texts = (count: number) =>
    [...policy.rollouts([{ prefix: linePrefix(own, 1), problem }], count)].map((rollout) => rollout.program);
  const all = texts(20);
  expect(new Set(all).size).toBe(5);
  expect(all).not.toContain(OWN);
  expect(texts(2)).toEqual(all.slice(0, 2));
});
