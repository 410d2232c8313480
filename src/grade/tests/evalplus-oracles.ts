import {
  elementsOf,
  equal,
  iterate,
  numberOf,
  sameElements,
  typeOf,
  type Literal,
} from "../compare/literal.ts";

/** What EvalPlus compares with: the reference's answer to the same arguments. Source: evalplus/eval of EvalPlus 0.3. */
export interface OracleCase {
  readonly entryPoint: string;
  /** True for MBPP+, whose special cases do not apply to HumanEval+. */
  readonly mbpp: boolean;
  readonly args: Literal;
  readonly expected: Literal;
  /** 0: exact, unless the expected value is made of floats. */
  readonly atol: number;
}

const RTOL = 1e-7;
const FLOAT_ATOL = 1e-6;

const SET_EQUAL = new Set([
  "similar_elements",
  "find_char_long",
  "common_in_nested_lists",
  "extract_singly",
  "larg_nnum",
  "intersection_array",
  "find_dissimilar",
  "Diff",
]);
const NOT_NONE = new Set(["check_str", "text_match_three", "text_starta_endb"]);

/** Whether an answer counts as right, with EvalPlus's special cases and float tolerance. */
export function accepts(oracle: OracleCase, actual: Literal): boolean {
  const { entryPoint, expected, args } = oracle;
  const atol = oracle.atol === 0 && isFloats(expected) ? FLOAT_ATOL : oracle.atol;
  if (!oracle.mbpp && entryPoint === "find_zero") {
    const value = polynomial(args, actual);
    return value !== undefined && Math.abs(value) <= atol;
  }
  const exact = oracle.mbpp ? mbppMatch(oracle, actual, atol) : equal(actual, expected);
  if (exact || atol === 0) return exact;
  return typeOf(actual) === typeOf(expected) && allClose(actual, expected, atol);
}

function mbppMatch({ entryPoint, args, expected }: OracleCase, actual: Literal, atol: number): boolean {
  if (SET_EQUAL.has(entryPoint)) return sameSet(actual, expected);
  if (NOT_NONE.has(entryPoint)) {
    const found = expected !== null;
    return typeof actual === "boolean"
      ? actual === (typeof expected === "boolean" ? expected : found)
      : found === (actual !== null);
  }
  if (equal(actual, expected)) return true;
  const [first, second] = elementsOf(args)?.map((arg) => Number(numberOf(arg))) ?? [];
  const number = numberOf(actual);
  switch (entryPoint) {
    case "are_equivalent":
      return true;
    case "sum_div":
      return equal(actual, 0);
    case "surface_Area":
      return (
        number !== undefined && Math.abs(Number(number) - pyramidSurface(first ?? 0, second ?? 0)) <= atol
      );
    case "digit_distance_nums":
      return equal(actual, digitDistance(first ?? 0, second ?? 0));
    default:
      return false;
  }
}

function sameSet(actual: Literal, expected: Literal): boolean {
  const ours = iterate(actual);
  const theirs = iterate(expected);
  return ours !== undefined && theirs !== undefined && sameElements(ours, theirs);
}

/** `isinstance(x, float)`, or a non-empty list or tuple of such. */
function isFloats(value: Literal): boolean {
  if (typeOf(value) === "float") return true;
  const elements = elementsOf(value);
  return elements !== undefined && elements.length > 0 && elements.every((item) => typeOf(item) === "float");
}

/** numpy.allclose on numbers and nested lists of them. */
function allClose(actual: Literal, expected: Literal, atol: number): boolean {
  const ours = elementsOf(actual);
  const theirs = elementsOf(expected);
  if (ours !== undefined || theirs !== undefined) {
    if (ours?.length !== theirs?.length) return false;
    return ours?.every((item, at) => allClose(item, theirs?.[at] ?? null, atol)) ?? false;
  }
  const a = numberOf(actual);
  const b = numberOf(expected);
  if (a === undefined || b === undefined) return false;
  if (!Number.isFinite(Number(a)) || !Number.isFinite(Number(b))) return Number(a) === Number(b);
  return Math.abs(Number(a) - Number(b)) <= atol + RTOL * Math.abs(Number(b));
}

/** Mbpp/581 with "height" read as the perpendicular one. */
function pyramidSurface(baseEdge: number, height: number): number {
  const slant = Math.sqrt((baseEdge / 2) ** 2 + height ** 2);
  return roundHalfToEven(baseEdge ** 2 + (4 * (baseEdge * slant)) / 2);
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Mbpp/558 with the numbers padded to one length. */
function digitDistance(a: number, b: number): number {
  const width = Math.max(String(a).length, String(b).length);
  const [x, y] = [String(a).padStart(width, "0"), String(b).padStart(width, "0")];
  return Array.from(x).reduce((sum, digit, at) => sum + Math.abs(Number(digit) - Number(y[at])), 0);
}

/** HumanEval/32: the polynomial of the argument's coefficients at the answer. */
function polynomial(args: Literal, at: Literal): number | undefined {
  const coefficients = elementsOf(elementsOf(args)?.[0] ?? null);
  const x = numberOf(at);
  if (coefficients === undefined || x === undefined) return undefined;
  return coefficients.reduce((sum: number, c, power) => sum + Number(numberOf(c)) * Number(x) ** power, 0);
}

const CONVERSIONS: readonly (readonly [string, readonly number[]])[] = [
  [
    "each-tuple",
    [
      2, 116, 132, 143, 222, 261, 273, 394, 399, 421, 424, 429, 470, 560, 579, 596, 616, 630, 726, 740, 744,
      809,
    ],
  ],
  ["each-list-of-tuples", [63, 64, 70, 94, 120, 237, 272, 299, 400, 409, 417, 438, 473, 614, 780]],
  ["first-list-of-tuples", [75, 413, 444, 753]],
  ["second-tuple", [106, 750]],
  ["first-list-of-sets", [115]],
  ["float-complex", [124]],
  ["first-tuple", [250, 307, 405, 446, 617, 720, 763, 808]],
  ["each-tuple-of-tuples", [259, 401, 445]],
  ["first-tuple-of-tuples", [278]],
  ["first-dict-of-tuples", [722]],
  ["complex", [252]],
  ["deep-tuples", [580, 615, 791]],
];

/** The conversion of evalplus_inputs.py that gives an MBPP+ task's inputs their Python types back. */
export function conversionOf(problemId: string): string | undefined {
  const task = mbppTask(problemId);
  return CONVERSIONS.find(([, tasks]) => task !== undefined && tasks.includes(task))?.[0];
}

/** 2 for `Mbpp/2`. */
export function mbppTask(problemId: string): number | undefined {
  const match = /mbpp\/(\d+)$/iu.exec(problemId);
  return match === null ? undefined : Number(match[1]);
}
