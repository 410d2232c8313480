import { describe, expect, test } from "vitest";
import {
  accepts,
  conversionOf,
  mbppTask,
  type OracleCase,
} from "../../../src/grade/tests/evalplus-oracles.ts";
import type { Literal } from "../../../src/grade/compare/literal.ts";

function oracle(expected: Literal, part: Partial<OracleCase> = {}): OracleCase {
  return { entryPoint: "f", mbpp: false, args: [], atol: 0, expected, ...part };
}

function mbpp(entryPoint: string, expected: Literal, args: Literal = []): OracleCase {
  return oracle(expected, { mbpp: true, entryPoint, args });
}

describe("EvalPlus's acceptance", () => {
  test("floats get 1e-6 of tolerance, other values none", () => {
    expect(accepts(oracle({ f: 1 }), { f: 1.000_000_5 })).toBe(true);
    expect(accepts(oracle({ f: 1 }), { f: 1.000_002 })).toBe(false);
    expect(accepts(oracle([{ f: 1 }, { f: 2 }]), [{ f: 1.000_000_1 }, { f: 2 }])).toBe(true);
    expect(accepts(oracle([{ f: 1 }, 2]), [{ f: 1.000_000_1 }, 2])).toBe(false);
    expect(accepts(oracle(1), { f: 1.000_000_1 })).toBe(false);
  });

  test("within a tolerance the type counts, for equal values it does not", () => {
    expect(accepts(oracle({ f: 1 }), 1)).toBe(true);
    expect(accepts(oracle({ f: 1.000_000_1 }), 1)).toBe(false);
    expect(accepts(oracle([{ f: 1.1 }]), { t: [{ f: 1.100_000_01 }] })).toBe(false);
  });

  test("infinities equal themselves only, NaN nothing", () => {
    expect(accepts(oracle({ f: "inf" }), { f: "inf" })).toBe(true);
    expect(accepts(oracle({ f: "inf" }), { f: "-inf" })).toBe(false);
    expect(accepts(oracle({ f: "nan" }), { f: "nan" })).toBe(false);
  });

  test("find_zero takes any root, and only roots", () => {
    const root = oracle({ f: 0.5 }, { entryPoint: "find_zero", args: [[-1, 0, 1]], atol: 1e-4 });
    expect(accepts(root, { f: -1 })).toBe(true);
    expect(accepts(root, { f: 0.5 })).toBe(false);
    expect(accepts(root, "1")).toBe(false);
  });

  test("MBPP+ tasks with several right forms", () => {
    expect(accepts(mbpp("similar_elements", { t: [4, 5] }), [5, 4, 4])).toBe(true);
    expect(accepts(mbpp("similar_elements", { t: [4, 5] }), [5])).toBe(false);
    expect(accepts(mbpp("similar_elements", { t: [4, 5] }), 5)).toBe(false);
    expect(accepts(mbpp("check_str", { o: "<re.Match>" }), { o: "<re.Match>" })).toBe(true);
    expect(accepts(mbpp("check_str", { o: "<re.Match>" }), true)).toBe(true);
    expect(accepts(mbpp("check_str", { o: "<re.Match>" }), null)).toBe(false);
    expect(accepts(mbpp("check_str", null), { o: "<re.Match>" })).toBe(false);
    expect(accepts(mbpp("are_equivalent", true), "anything")).toBe(true);
    expect(accepts(mbpp("sum_div", 7), 0)).toBe(true);
    expect(accepts(mbpp("surface_Area", 33, [3, 4]), 35)).toBe(true);
    expect(accepts(mbpp("digit_distance_nums", 1, [1, 23]), 4)).toBe(true);
    expect(accepts(mbpp("other", [1, 2]), [2, 1])).toBe(false);
  });

  test("elements that equal nothing count, and their number does not matter", () => {
    expect(accepts(mbpp("similar_elements", { t: [4, 5] }), [4, 5, { o: "<object>" }])).toBe(false);
    const many = Array.from({ length: 50_000 }, (_, at) => at);
    expect(accepts(mbpp("similar_elements", { t: many }), many.toReversed())).toBe(true);
  });

  test("a task's conversion is found by its number, in any spelling of its id", () => {
    expect(conversionOf("Mbpp/2")).toBe("each-tuple");
    expect(conversionOf("mbpp/252")).toBe("complex");
    expect(conversionOf("HumanEval/2")).toBeUndefined();
    expect(mbppTask("HumanEval/2")).toBeUndefined();
  });
});
