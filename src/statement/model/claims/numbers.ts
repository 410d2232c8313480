import { between, cleaned, EXPRESSION, type Reader } from "./parts.ts";

export const integers: Reader = (text, names) => {
  const match = new RegExp(
    String.raw`^([^]*?)\b(?:is|are)(?: both| all)?(?: an?)? (?:different |distinct )?(?:odd |even |positive |non-negative )?integers? (?:between|from|in the range) (${EXPRESSION}) (?:and|to) (${EXPRESSION})(?=[\s,.;]|$)`,
    "i",
  ).exec(text);
  if (match)
    return names
      .in(match[1] ?? "")
      .map(({ name }) =>
        between(name, names.expression(cleaned(match[2] ?? "")), names.expression(cleaned(match[3] ?? ""))),
      );
  const most = new RegExp(
    String.raw`^([^]*?)\b(?:is|are)(?: an?)? (positive|non-negative) integers? (?:not greater than|not exceeding|at most|less than or equal to) (${EXPRESSION})(?=[\s,.;]|$)`,
    "i",
  ).exec(text);
  if (!most) return [];
  const low = most[2] === "positive" ? "1" : "0";
  return names
    .in(most[1] ?? "")
    .map(({ name }) => between(name, low, names.expression(cleaned(most[3] ?? ""))));
};

/** `X is 0 or 1`, `T is in {1, 2}`, `either 0's or 1's`: whole numbers without a gap. */
export const listedNumbers: Reader = (text, names) => {
  const match =
    /^([^]*?) (?:is|are|equals?)(?: all)? (?:either |one of |in \{|in )?((?:-?\d+(?:'s)?)(?:(?:, ?| or | and |, or |, and )-?\d+(?:'s)?)+)\}?\.?(?:\s*\(.*)?$/i.exec(
      text,
    );
  const numbers = [...(match?.[2] ?? "").matchAll(/-?\d+/g)].map(Number).toSorted((a, b) => a - b);
  const [low, high] = [numbers[0], numbers.at(-1)];
  if (match === null || low === undefined || high === undefined || high - low !== numbers.length - 1)
    return [];
  return names
    .in(match[1] ?? "")
    .filter(({ type }) => type === "integer")
    .map(({ name }) => between(name, String(low), String(high)));
};

export const parity: Reader = (text, names) => {
  const match =
    /^(?:the )?(?:length of )?([^]*?) (?:is|are|has|be)(?: an?| always)? (even|odd)(?: number| integer| length| positive integer)?\b/i.exec(
      text,
    );
  if (match) {
    const subject = names.in(match[1] ?? "");
    const isLength = /length/i.test(text);
    const bare = (match[1] ?? "").trim();
    // A name that equals a length: `n == nums.length`.
    if (subject.length === 0 && /^[A-Za-z]$/.test(bare))
      return [{ kind: "divisible", value: bare, by: "2", rest: match[2]?.toLowerCase() === "odd" ? 1 : 0 }];
    if (subject.length === 1)
      return subject.map(({ name, type }) => ({
        kind: "divisible",
        value: isLength || type === "word" ? `${name}.length` : name,
        by: "2",
        rest: match[2]?.toLowerCase() === "odd" ? 1 : 0,
      }));
  }
  const multiple = /^([^]*?) is (?:a multiple of|divisible by) (\w+)/i.exec(text) ?? null;
  if (multiple) {
    const value = names.expression((multiple[1] ?? "").trim());
    return /\s/.test(value)
      ? []
      : [{ kind: "divisible", value, by: names.expression(multiple[2] ?? ""), rest: 0 }];
  }
  const divides = /^(\w+) divides ([\w.[\]]+?)\.?$/i.exec(text);
  return divides
    ? [
        {
          kind: "divisible",
          value: names.expression(divides[2] ?? ""),
          by: names.expression(divides[1] ?? ""),
          rest: 0,
        },
      ]
    : [];
};
