/**
 * LiveCodeBench's comparison of standard output: strip the whole output and each line, equal number of lines, and every line
 * equal or all its tokens equal as decimals.
 */
export function sameOutput(actual: string, expected: string): boolean {
  if (actual === expected) return true;
  const actualLines = outputLines(actual);
  const expectedLines = outputLines(expected);
  if (actualLines.length !== expectedLines.length) return false;
  return actualLines.every((line, at) => sameLine(line, expectedLines[at] ?? ""));
}

function sameLine(actual: string, expected: string): boolean {
  return actual === expected || canonicalLine(actual) === canonicalLine(expected);
}

/** One text per class of outputs under `sameOutput`, for programs whose answers are compared with each other. */
export function canonicalOutput(text: string): string {
  return outputLines(text).map(canonicalLine).join("\n");
}

/** What a line is compared by: the values of its tokens if all are decimals, else itself; the marks keep the two apart. */
function canonicalLine(line: string): string {
  const values: string[] = [];
  for (const token of outputTokens(line)) {
    const value = decimal(token);
    if (value === undefined) return `=${line}`;
    values.push(value);
  }
  return `#${values.join(" ")}`;
}

/** The lines of an output without the white space around it and around each. */
export function outputLines(text: string): string[] {
  return strip(text).split("\n").map(strip);
}

/** What white space separates in a line. */
export function outputTokens(line: string): string[] {
  return line.split(SPACES);
}

/** What Python's str.strip and str.split take for white space; JavaScript's trim has U+FEFF too and lacks some. */
const SPACE = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const SPACES = new RegExp(`${SPACE}+`, "u");
const LEADING = new RegExp(`^${SPACE}+`, "u");

function strip(text: string): string {
  const start = text.replace(LEADING, "");
  let end = start.length;
  while (end > 0 && SPACES.test(start.charAt(end - 1))) end -= 1;
  return start.slice(0, end);
}

/** Nothing in it can match in two ways: a program may print millions of digits, and then something else. */
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/iu;
const EXPONENT_DIGITS = 18;

/**
 * A decimal number in one form per value (`1`, `1.0` and `10e-1` are all `1e0`), as Python's decimal.Decimal reads it, which takes
 * exponents of up to 18 digits; undefined for anything else. NaN is undefined too, because it equals nothing.
 * @internal for tests
 */
export function decimal(token: string): string | undefined {
  const text = token.replaceAll("_", "");
  const infinity = /^([+-]?)inf(?:inity)?$/iu.exec(text);
  if (infinity !== null) return infinity[1] === "-" ? "-inf" : "inf";
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", places = "", exponent = "0"] = match;
  if (whole + places === "" || exponent.replace(/^[+-]?0*/u, "").length > EXPONENT_DIGITS) return undefined;
  const digits = `${whole}${places}`.replace(/^0+/u, "");
  if (digits === "") return "0";
  let end = digits.length;
  while (digits.charAt(end - 1) === "0") end -= 1;
  const power = BigInt(exponent) - BigInt(places.length) + BigInt(digits.length - end);
  return `${sign === "-" ? "-" : ""}${digits.slice(0, end)}e${power}`;
}
