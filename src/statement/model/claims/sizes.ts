import { between, chain, cleaned, EXPRESSION, subjectWords, type Reader } from "./parts.ts";
import type { Claim } from "../input-model.ts";
import { lettersOf } from "../read/letter-set.ts";

const LENGTHS: readonly RegExp[] = [
  new RegExp(
    String.raw`\blengths?(?: of)? (?:is |are |be )?(?:an odd number |an even number )?(?:between|from) (?<low>${EXPRESSION}) (?:and|to) (?<high>${EXPRESSION})(?=[\s,.;]|$)`,
    "i",
  ),
  new RegExp(String.raw`\blengths? (?:is |are |of )?(?<low>\d+) to (?<high>${EXPRESSION})(?=[\s,.;]|$)`, "i"),
  new RegExp(String.raw`\blengths? (?:is |are |of )?at most (?<high>${EXPRESSION})(?=[\s,.;]|$)`, "i"),
  new RegExp(
    String.raw`\b(?:of|with|has|have)(?: an?)? (?:the )?lengths?(?: of)? (?<low>${EXPRESSION})(?=[\s,.;]|$)`,
    "i",
  ),
  /\blength-(?<low>\d+)\b/i,
  new RegExp(String.raw`\blengths? of [^,.]*? is (?<low>${EXPRESSION})(?=[\s,.;]|$)`, "i"),
];

export const lengths: Reader = (text, names) => {
  if (/^the (?:sum|total) /i.test(text)) return [];
  const subjects = subjectWords(text, names);
  const both = /\blengths? of ([^]*?) (?:and|are) [^]*\bequal\b/i.test(text);
  const equal: Claim[] =
    both && subjects.length > 1
      ? [
          {
            kind: "chain",
            parts: subjects.map(({ name }) => [`${name}.length`]),
            signs: subjects.slice(1).map(() => "=="),
          },
        ]
      : [];
  for (const pattern of LENGTHS) {
    const groups = pattern.exec(text)?.groups;
    if (groups === undefined) continue;
    const low = groups["low"] === undefined ? undefined : names.expression(cleaned(groups["low"]));
    const high = groups["high"] === undefined ? undefined : names.expression(cleaned(groups["high"]));
    if (low === undefined && high === undefined) continue;
    return [
      ...equal,
      ...subjects.map(({ name }): Claim => between(`${name}.length`, low ?? "1", high ?? low ?? "1")),
    ];
  }
  return equal;
};

/** `at most 5000 members, possibly none`, `1 to 10000 trees`: the only lengths there are, whatever they are called. */
export const amounts: Reader = (text, names) => {
  const match =
    /^(?:at most|up to|no more than) (?<most>[\d*^() ]+?) [a-z]+(?<none>, (?:possibly|perhaps|maybe) none)?\.?$|^(?:there (?:are|is) )?(?<low>\d+) to (?<high>[\d*^() ]+?) [a-z]+\.?$/i.exec(
      text,
    );
  const groups = match?.groups;
  if (groups !== undefined) {
    const low = groups["low"] ?? (groups["none"] === undefined ? undefined : "0");
    const high = groups["most"] ?? groups["high"] ?? "";
    return names.freeLists.map((name) =>
      low === undefined ? chain(`${name}.length`, "<=", high) : between(`${name}.length`, low, high),
    );
  }
  const nodes =
    /^the number of nodes in (?:the|each|both)(?: of the)?(?: linked)? lists? (?:is|are) in the range \[(\d+), ([\d*^() ]+)\]/i.exec(
      text,
    );
  if (nodes) return names.freeLists.map((name) => between(`${name}.length`, nodes[1] ?? "", nodes[2] ?? ""));
  const none = /^(?:no|without any|an empty|if there are no) (?:list of )?(\w+)\b/i.exec(text)?.[1];
  return names.freeLists.includes(none ?? "") ? [chain("0", "<=", `${none ?? ""}.length`)] : [];
};

/** `the m sizes, each between 1 and 3000`, `u and v differ`, `n characters # and .`. */
export const asides: Reader = (text, names) => {
  const found: Claim[] = [];
  const each = new RegExp(
    String.raw`\b(?:each|all) (?:of (?:them|which) )?(?:is |are |being )?(?:an? )?(?:integers? )?between (${EXPRESSION}) and (${EXPRESSION})(?=[\s,.;]|$)`,
    "i",
  ).exec(text);
  const subject =
    each === null
      ? undefined
      : names
          .in(text.slice(0, each.index))
          .findLast(({ name, type }) => name.endsWith("[]") && type === "integer");
  if (each && subject)
    found.push(
      between(subject.name, names.expression(each[1] ?? ""), names.expression(cleaned(each[2] ?? ""))),
    );
  for (const [, a = "", b = ""] of text.matchAll(
    /\b([A-Za-z]\w*)(?:\[\])? and ([A-Za-z]\w*)(?:\[\])? (?:differ|are different)\b/g,
  ))
    if (names.scalar(a) && names.scalar(b))
      found.push({ kind: "chain", parts: [[names.expression(a)], [names.expression(b)]], signs: ["!="] });
  const characters = /\b([A-Za-z]) characters ([^]*?)(?: \(| ;|$)/.exec(text);
  const set = characters === null ? undefined : lettersOf(characters[2] ?? "");
  if (characters && set !== undefined)
    for (const { name } of subjectWords(text, names))
      found.push({ kind: "letters", name, letters: set }, chain(`${name}.length`, "==", characters[1] ?? ""));
  const both = new RegExp(
    String.raw`^(?:both|all|they) (?:are|is) strings? of (\d+) to (${EXPRESSION}) ([^]*)$`,
    "i",
  ).exec(text);
  const letters = both === null ? undefined : lettersOf(both[3] ?? "");
  if (both)
    for (const { name } of names.words) {
      found.push(between(`${name}.length`, both[1] ?? "", both[2] ?? ""));
      if (letters !== undefined) found.push({ kind: "letters", name, letters });
    }
  return found;
};

export const sums: Reader = (text, names) => {
  const match =
    /\b(?:sum|total)(?: length)? of (?:all )?([\w.[\]]+?)(?:s|'s| values)?(?:,[^]*?)? ?(?:(?:over|across|for|in|among) [^]*?)?(?:is|does not exceed|doesn't exceed|will not exceed|won't exceed|do not exceed)(?: at most| less than or equal to| not greater than| bounded by)? ([\d*^() ]+)/i.exec(
      text,
    );
  if (!match) return [];
  const most = power(match[2] ?? "");
  const scalar = names.scalar(match[1] ?? "");
  const isLength = /length/i.test(match[0]) || scalar?.type === "word";
  const name =
    scalar === undefined || isLength
      ? names.expression(`${(match[1] ?? "").replace(/\.length$/, "")}.length`)
      : scalar.name;
  return most === undefined ? [] : [{ kind: "sum", name, most }];
};

function power(text: string): number | undefined {
  const match = /^\s*\(?(?:(\d+)\s*\*\s*)?(\d+)(?:\^\(?(\d+)\)?)?/.exec(text);
  if (!match) return undefined;
  return Number(match[1] ?? 1) * Number(match[2]) ** Number(match[3] ?? 1);
}
