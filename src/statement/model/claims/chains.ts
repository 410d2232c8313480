import { evaluate } from "../../inputs/bound-expression.ts";
import { between, chain, type Reader } from "./parts.ts";
import type { Claim } from "../input-model.ts";
import { readChains } from "../read/chains.ts";
import type { RuleNames } from "../rule-names.ts";

export const chains: Reader = (text, names) => {
  const sorted = /([A-Za-z]\w*)\[@1\]\s*(<=?|>=?)\s*[^]*…/.exec(text);
  if (sorted) {
    const scalar = names.scalar(sorted[1] ?? "");
    const [, , sign = ""] = sorted;
    const order: Claim[] = scalar
      ? [
          {
            kind: "sorted",
            name: scalar.name,
            order: sign.startsWith("<") ? 1 : -1,
            strict: sign.length === 1,
          },
        ]
      : [];
    const bounds = /^([^<>]*)(<=?)\s*[A-Za-z]\w*\[@1\][^]*(<=?)\s*([^<>…]+)$/.exec(text);
    if (!scalar || !bounds) return order;
    const edges: readonly [string, string] = [(bounds[1] ?? "").trim(), (bounds[4] ?? "").trim()];
    const low: Claim[] =
      edges[0] === "" ? [] : [chain(edges[0], bounds[2] === "<" ? "<" : "<=", scalar.name)];
    const high: Claim[] = /\[@/.test(edges[1])
      ? []
      : [chain(scalar.name, bounds[3] === "<" ? "<" : "<=", edges[1])];
    return [...order, ...low, ...high];
  }
  const total = /^sum_?[^|]*?\s([A-Za-z]\w*(?:\[\])?)(\.length)? <= ([\d*^() ]+)$/.exec(text);
  if (total) {
    const scalar = names.scalar(total[1] ?? "");
    const most = evaluate((total[3] ?? "").trim(), new Map());
    return scalar === undefined || most === undefined
      ? []
      : [{ kind: "sum", name: `${scalar.name}${total[2] ?? ""}`, most }];
  }
  const pairs = /[({]([^(){}]*)[)}]\s*!=\s*[({]([^(){}]*)[)}]/.exec(text);
  if (pairs) {
    const [left, right] = [names.in(pairs[1] ?? ""), names.in(pairs[2] ?? "")];
    if (left.length > 0 && left.every(({ name }) => right.some((other) => other.name === name)))
      return [
        {
          kind: "distinct",
          names: left.map(({ name }) => name),
          ...(left[0]?.name === right[0]?.name && !pairs[0].startsWith("{")
            ? {}
            : { unordered: true as const }),
        },
      ];
  }
  // The values of a linked list are called the same whatever the list is called.
  const lists = /\bNode\.val\b/.test(text) ? names.freeLists : [];
  const texts =
    lists.length === 0 ? [text] : lists.map((name) => text.replace(/\bNode\.val\b/g, `${name}[]`));
  return texts.flatMap(readChains).flatMap((each) => chainClaims(each, names));
};

function chainClaims(each: Extract<Claim, { kind: "chain" }>, names: RuleNames): Claim[] {
  const parts = each.parts.map((part) => wholeLists(part).map((expression) => names.expression(expression)));
  const digits = digitLetters(each, names);
  if (digits) return [digits];
  const [[left = ""] = [], [right = ""] = []] = parts;
  const remainder = /^(.+?)\s*%\s*(.+)$/.exec(left);
  if (remainder && each.signs[0] === "==" && /^\d+$/.test(right))
    return [
      {
        kind: "divisible",
        value: (remainder[1] ?? "").trim(),
        by: (remainder[2] ?? "").trim(),
        rest: Number(right),
      },
    ];
  const sum = /^sum\((.+)\)$/i.exec(left);
  if (sum && each.signs[0]?.startsWith("<")) {
    const most = evaluate(right, new Map());
    return most !== undefined ? [{ kind: "sum", name: (sum[1] ?? "").trim(), most }] : [];
  }
  if (each.signs.includes("!=") && each.parts.length === 2) {
    if (left === right && left.endsWith("[]")) return [{ kind: "distinct", names: [left] }];
    const neighbour = /^(\w+)\[[+-]1\]$/.exec(right) ?? /^(\w+)\[[+-]1\]$/.exec(left);
    if (neighbour) return [{ kind: "neighbours-differ", name: `${neighbour[1] ?? ""}[]` }];
  }
  if (parts.some((part) => part.some((text) => /\[[+-]1\]/.test(text)))) {
    const from = parts.findIndex(([first = ""]) => first.endsWith("[]"));
    const to = parts.findIndex(([first = ""]) => first.endsWith("[+1]"));
    const sign = each.signs[Math.min(from, to)];
    if (from < 0 || to < 0 || Math.abs(from - to) !== 1 || sign === undefined) return [];
    return [
      { kind: "sorted", name: parts[from]?.[0] ?? "", order: from < to ? 1 : -1, strict: sign === "<" },
    ];
  }
  const absolute = parts.findIndex((part) => part.some((text) => isAbsolute(text, names)));
  if (absolute === 0 && each.parts.length === 2) {
    return left === ""
      ? []
      : (parts[0]?.flatMap((text): Claim[] => {
          const name = text.replace(/\.length$/, "");
          return [between(name, `0-(${right})`, right)];
        }) ?? []);
  }
  return [{ kind: "chain", parts, signs: each.signs }];
}

/** `V_1, V_2, V_3` bounded alike are all elements of `V`. */
function wholeLists(part: readonly string[]): readonly string[] {
  const bases = part.map((each) => /^(\w+)\[@\d+\]$/.exec(each)?.[1]);
  const [base] = bases;
  return part.length > 1 && base !== undefined && bases.every((each) => each === base) ? [`${base}[]`] : part;
}

/** `0 <= A_{i,j} <= 1`, `'0' <= s[i] <= '9'` of a word: its letters are digits or letters in a row. */
function digitLetters(
  { parts, signs }: Extract<Claim, { kind: "chain" }>,
  names: RuleNames,
): Claim | undefined {
  const [low = "", name = "", high = ""] = parts.map(([first = ""]) => first.replace(/^'(.)'$/, "$1"));
  const scalar = names.scalar(name);
  const isWhole = parts.length === 3 && signs.every((sign) => sign === "<=") && parts[1]?.length === 1;
  if (!isWhole || scalar?.type !== "word" || name !== `${scalar.name}[]`) return undefined;
  if (!/^[0-9a-zA-Z]$/.test(low) || !/^[0-9a-zA-Z]$/.test(high)) return undefined;
  const [from, to] = [low.charCodeAt(0), high.charCodeAt(0)];
  const letters = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => String.fromCharCode(from + i));
  return { kind: "letters", name: scalar.name, letters: letters.join("") };
}

/** `|x|` of a number, which reads like the length of a word. */
function isAbsolute(text: string, names: RuleNames): boolean {
  const name = text.replace(/\.length$/, "");
  return text.endsWith(".length") && !names.isList(name) && names.scalar(name)?.type === "integer";
}
