import { between, chain, type Reader } from "./claim-parts.ts";
import type { Claim } from "./input-model.ts";
import { readChains } from "./read-chains.ts";
import type { RuleNames } from "./rule-names.ts";

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
  return readChains(text).flatMap((each) => chainClaims(each, names));
};

function chainClaims(each: Extract<Claim, { kind: "chain" }>, names: RuleNames): Claim[] {
  const parts = each.parts.map((part) => part.map((expression) => names.expression(expression)));
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
    const most = Number(
      right.replace(
        /^(\d+) ?\* ?10\^\(?(\d+)\)?$|^10\^\(?(\d+)\)?$/,
        (_, f: string | undefined, e: string | undefined, p: string | undefined) =>
          String(Number(f ?? 1) * 10 ** Number(e ?? p)),
      ),
    );
    return Number.isFinite(most) ? [{ kind: "sum", name: (sum[1] ?? "").trim(), most }] : [];
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

/** `|x|` of a number, which reads like the length of a word. */
function isAbsolute(text: string, names: RuleNames): boolean {
  const name = text.replace(/\.length$/, "");
  return text.endsWith(".length") && !names.isList(name) && names.scalar(name)?.type === "integer";
}
