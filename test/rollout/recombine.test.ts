import { beforeAll, describe, expect, test } from "vitest";
import { outlineOf } from "../../src/rollout/outline.ts";
import { donorsOf, poolPolicy } from "../../src/rollout/pool-policy.ts";
import { properPrefixes } from "../../src/rollout/prefix.ts";
import { continuation } from "../../src/rollout/recombine.ts";
import { loadPythonParser } from "../../src/steps/index.ts";
import { COUNTER, counter } from "./programs.ts";

beforeAll(() => loadPythonParser());

const candidate = (code: string) => ({
  problemId: "Counter_0",
  code,
  sampleIndex: 0,
  warnings: [],
  extra: {},
});
const prefixOf = (code: string, step: number) => {
  const prefix = properPrefixes(candidate(code), outlineOf(code))[step];
  if (prefix === undefined) throw new Error(`no prefix ${step}`);
  return prefix;
};
const joined = (code: string, step: number, donor: string) => {
  const prefix = prefixOf(code, step);
  const rest = continuation(prefix, outlineOf(donor));
  return rest === undefined ? undefined : prefix.text + rest;
};

describe("continuation", () => {
  const wrong = counter({ add: "self.total -= n" });
  const right = counter({ double: "self.total = self.total * 2" });

  test("keeps the prefix and takes every other method from the donor, once", () => {
    expect(joined(wrong, 1, right)).toBe(
      counter({ add: "self.total -= n", double: "self.total = self.total * 2" }),
    );
    expect(joined(wrong, 0, right)).toBe(right);
  });

  test("takes the setter of a property whose getter the prefix has", () => {
    const property = (read: string, write: string) =>
      `class A:\n    @property\n    def x(self):\n        return ${read}\n\n` +
      `    @x.setter\n    def x(self, value):\n        ${write}\n`;
    const other = property("0", "self._x = value");
    expect(joined(property("self._x", "pass"), 0, other)).toBe(property("self._x", "self._x = value"));
  });

  test("leaves out the donor's class header where its first method is new", () => {
    const donor = "import math\n\nclass Counter:\n    LIMIT = 3\n    def triple(self):\n        return 3\n";
    expect(joined(wrong, 0, donor)).toMatch(/self\.total = 0\n {4}LIMIT = 3\n {4}def triple/);
    expect(joined(wrong, 0, donor)?.match(/class Counter/g)).toHaveLength(1);
  });

  test("brings the module code behind the donor's last function, though that function is the prefix's", () => {
    const stdin = (body: string) => `def main():\n    ${body}\n\ndef read():\n    return 1\n\nmain()\n`;
    const other = "def read():\n    return 2\n\ndef main():\n    print(read())\n\nmain()\n";
    expect(joined(stdin("print(0)"), 0, other)).toBe(
      "def main():\n    print(0)\ndef read():\n    return 2\n\nmain()\n",
    );
  });

  test.each([
    ["another indentation", right.replaceAll("    ", "  ")],
    ["another class", right.replace("Counter", "Tally")],
    ["no class", "def add(n):\n    return n\n"],
  ])("does not fit: %s", (_, donor) => {
    expect(joined(wrong, 0, donor)).toBeUndefined();
  });

  test("a class that the prefix has closed is not opened again", () => {
    const two = `${counter()}\nclass Other:\n    def one(self):\n        return 1\n\n    def two(self):\n        return 2\n`;
    const more = `${counter()}\n    def more(self):\n        return 0\n\nclass Other:\n    def one(self):\n        return 1\n`;
    expect(joined(two, 3, more)).toBeUndefined();
  });
});

describe("the pool as policy", () => {
  const pool = Array.from({ length: 12 }, (_, n) => counter({ double: `self.total *= ${n}` }));
  const programs = (count: number, seed = 0, from: readonly string[] = pool) => {
    const donors = new Map([["Counter_0", donorsOf(from.map(outlineOf))]]);
    const work = [{ prefix: prefixOf(pool[5] ?? "", 1), problem: COUNTER }];
    return [...poolPolicy(donors, seed).rollouts(work, count)].map(({ program }) => program);
  };

  test("a greater K begins with the rollouts of a smaller one", () => {
    expect(programs(9).slice(0, 4)).toEqual(programs(4));
    expect(new Set(programs(9)).size).toBe(9);
  });

  test("another program in the pool takes its place among the others and moves none", () => {
    const grown = [...pool, counter({ double: "pass" })];
    const added = programs(12, 0, grown).filter((program) => !programs(12).includes(program));
    expect(added).toEqual([counter({ double: "pass" })]);
    expect(programs(12, 0, grown).filter((program) => !added.includes(program))).toEqual(programs(12));
  });

  test("never completes a program with itself, and gives fewer than K where the pool is small", () => {
    expect(programs(50)).toHaveLength(11);
    expect(programs(50)).not.toContain(pool[5]);
  });

  test("the seed decides the order", () => {
    expect(programs(11, 1)).not.toEqual(programs(11, 0));
    expect(programs(11, 1).toSorted()).toEqual(programs(11, 0).toSorted());
  });

  test("a program that breaks off continues nothing", () => {
    expect(donorsOf([outlineOf("class Counter:\n    def add(self, n):\n        return (n\n")])).toEqual([]);
  });
});
