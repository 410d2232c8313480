import type { Claim, Scalar, Sign } from "./input-model.ts";
import { baseOf } from "./form-names.ts";
import { lettersOf, wordsOf } from "./letter-set.ts";
import { readChains } from "./read-chains.ts";
import type { RuleNames } from "./rule-names.ts";

/** Sentences that restrict nothing beyond the form. */
const EMPTY =
  /\b(?:is|are)(?: all| both)? (?:an? )?(?:positive |non-negative )?integers?(?: values)?\.?$|^all (?:the )?(?:input )?(?:values|numbers|inputs|given numbers|numeric(?:al)? (?:input )?values|numerical input)\b.*integers|^follow[- ]?up|^for all i|given to the .* decimal|length(?:s)? of the string|^in other words|^\W*$/i;

/**
 * What one sentence of a statement, in normal text, says about names of the form. undefined when it says something
 * that was not understood; none when it says nothing that restricts inputs.
 */
export function sentenceClaims(sentence: string, names: RuleNames): Claim[] | undefined {
  const text = sentence
    .trim()
    // `For queries of the second type, ...`: the names are of that type alone.
    .replace(/^(?:for|in) (?:each |the |an? |all |any )?(?:\w+ ){0,3}(?:types?|query|queries|kinds?)\b[^,]*,\s*/i, "");
  const claims = READERS.flatMap((read) => read(text, names));
  if (claims.length > 0 || EMPTY.test(text)) return claims;
  return undefined;
}

/** What a sentence outside the constraints says about the letters of words and about permutations. */
export function alphabetClaims(sentence: string, names: RuleNames): Claim[] {
  return [letters, permutation].flatMap((read) => read(sentence.trim(), names));
}

/** The same, and that there may be none of something. */
export function proseClaims(sentence: string, names: RuleNames): Claim[] {
  return [...alphabetClaims(sentence, names), ...amounts(sentence.trim(), names)];
}

type Reader = (text: string, names: RuleNames) => Claim[];

const chains: Reader = (text, names) => {
  const sorted = /([A-Za-z]\w*)\[=1\]\s*(<=?|>=?)\s*[^]*…/.exec(text);
  if (sorted) {
    const scalar = names.scalar(sorted[1] ?? "");
    const [, , sign = ""] = sorted;
    const order: Claim[] = scalar
      ? [{ kind: "sorted", name: scalar.name, order: sign.startsWith("<") ? 1 : -1, strict: sign.length === 1 }]
      : [];
    const bounds = /^([^<>]*)(<=?)\s*[A-Za-z]\w*\[=1\][^]*(<=?)\s*([^<>…]+)$/.exec(text);
    if (!scalar || !bounds) return order;
    const edges: readonly [string, string] = [(bounds[1] ?? "").trim(), (bounds[4] ?? "").trim()];
    const low: Claim[] = edges[0] === "" ? [] : [chain(edges[0], bounds[2] === "<" ? "<" : "<=", scalar.name)];
    const high: Claim[] = /\[=/.test(edges[1]) ? [] : [chain(scalar.name, bounds[3] === "<" ? "<" : "<=", edges[1])];
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
          ...(left[0]?.name === right[0]?.name && !pairs[0].startsWith("{") ? {} : { unordered: true as const }),
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
    return [{ kind: "divisible", value: (remainder[1] ?? "").trim(), by: (remainder[2] ?? "").trim(), rest: Number(right) }];
  const sum = /^sum\((.+)\)$/i.exec(left);
  if (sum && each.signs[0]?.startsWith("<")) {
    const most = Number(right.replace(/^(\d+) ?\* ?10\^\(?(\d+)\)?$|^10\^\(?(\d+)\)?$/, (_, f: string | undefined, e: string | undefined, p: string | undefined) => String(Number(f ?? 1) * 10 ** Number(e ?? p))));
    return Number.isFinite(most) ? [{ kind: "sum", name: (sum[1] ?? "").trim(), most }] : [];
  }
  if (each.signs.includes("!=") && each.parts.length === 2) {
    if (left === right && left.endsWith("[]")) return [{ kind: "distinct", names: [left] }];
    const neighbour = /^(\w+)\[[+-]1\]$/.exec(right) ?? /^(\w+)\[[+-]1\]$/.exec(left);
    if (neighbour) return [{ kind: "neighbours-differ", name: `${neighbour[1] ?? ""}[]` }];
  }
  if (parts.some((part) => part.some((text) => /\[[+-]1\]/.test(text)))) {
    const from = parts.findIndex((part) => /\w\[\]$/.test(part[0] ?? ""));
    const to = parts.findIndex((part) => /\[\+1\]$/.test(part[0] ?? ""));
    const sign = each.signs[Math.min(from, to)];
    if (from < 0 || to < 0 || Math.abs(from - to) !== 1 || sign === undefined) return [];
    return [{ kind: "sorted", name: parts[from]?.[0] ?? "", order: from < to ? 1 : -1, strict: sign === "<" }];
  }
  const absolute = parts.findIndex((part) => part.some((text) => isAbsolute(text, names)));
  if (absolute === 0 && each.parts.length === 2) {
    return left === "" ? [] : parts[0]?.flatMap((text): Claim[] => {
      const name = text.replace(/\.length$/, "");
      return [between(name, `0-(${right})`, right)];
    }) ?? [];
  }
  return [{ kind: "chain", parts, signs: each.signs }];
}

/** `|x|` of a number, which reads like the length of a word. */
function isAbsolute(text: string, names: RuleNames): boolean {
  const name = text.replace(/\.length$/, "");
  return text.endsWith(".length") && !names.isList(name) && names.scalar(name)?.type === "integer";
}

function chain(left: string, sign: Sign, right: string): Claim {
  return { kind: "chain", parts: [[left], [right]], signs: [sign] };
}

function between(name: string, low: string, high: string): Claim {
  return { kind: "chain", parts: [[low], [name], [high]], signs: ["<=", "<="] };
}

const CONSIST = /\b(?:consist(?:s|ing)?(?: only| solely| exclusively)?(?: of)|contain(?:s|ing)? only|made up(?: only)? of|compos\w+ of|(?:only )?consists? of)(?: only)?(?: of)?(?: the)?(?: following)?\s+/i;

const letters: Reader = (text, names) => {
  const consist = CONSIST.exec(text);
  if (consist && !/\bdistinct|permutation/.test(text.slice(0, consist.index))) {
    const subjects = subjectWords(text.slice(0, consist.index), names);
    const after = text.slice(consist.index + consist[0].length);
    const set = lettersOf(after);
    if (set !== undefined) return subjects.map(({ name }) => ({ kind: "letters", name, letters: set }));
  }
  const equal = /^([A-Za-z]\w*)(?:\[\])+ == (\S) or \1(?:\[\])+ == (\S)\.?$/.exec(text);
  if (equal) {
    const scalar = names.scalar(equal[1] ?? "");
    return scalar?.type === "word" ? [{ kind: "letters", name: scalar.name, letters: (equal[2] ?? "") + (equal[3] ?? "") }] : [];
  }
  const inner = /\b(?:where )?(?:each|every|all) characters?(?: in it)? (?:is|are) (?:either |one of )?([^]*)$/i.exec(text);
  const innerSet = inner ? lettersOf(inner[1] ?? "") : undefined;
  if (innerSet !== undefined) return subjectWords(text, names).map(({ name }) => ({ kind: "letters", name, letters: innerSet }));
  const each = /\b(?:each|every) (?:character|letter|element)s? (?:of|in) ([^]*?) (?:is|are)\s+([^]*)$|^(?:each of |each |every |all )?([A-Za-z][^]*?) (?:is|are)(?: all)? (?:either |one of |either of )?([^]*)$/i.exec(text);
  if (each) {
    const set = (each[2] ?? each[4] ?? "").replace(/^(?:either|one of|the characters?|a|an|one of the characters)\s+/i, "").replace(/^one of (?:the characters )?/, "");
    const subjects = names.in(each[1] ?? each[3] ?? "").filter(({ type }) => type === "word");
    if (subjects.length === 0) return [];
    const chars = lettersOf(set);
    if (chars !== undefined && !/\bstring|\blength|\bdistinct/.test(set)) {
      const single = each[1] === undefined && !/\[\]\[\]|\[=?\w*\]/.test(each[3] ?? "");
      return subjects.flatMap(({ name }): Claim[] => [
        { kind: "letters", name, letters: chars },
        ...(single ? [between(`${name}.length`, "1", "1")] : []),
      ]);
    }
    const words = wordsOf(set);
    if (words && /[a-z]/i.test(set)) return subjects.map(({ name }) => ({ kind: "words", name, words }));
  }
  return [];
};

function subjectWords(text: string, names: RuleNames): readonly Scalar[] {
  const named = names.in(text).filter(({ type }) => type === "word");
  // The length of the word may be named too, but that is no word.
  return named.length > 0 ? named : names.words.length === 1 ? names.words : [];
}

const EXPRESSION = String.raw`[\w^*+()\/.[\]-]+(?: [*+\/-] [\w^*+()\/.[\]-]+)*?`;
const LENGTHS: readonly RegExp[] = [
  new RegExp(String.raw`\blengths?(?: of)? (?:is |are |be )?(?:an odd number |an even number )?(?:between|from) (?<low>${EXPRESSION}) (?:and|to) (?<high>${EXPRESSION})(?=[\s,.;]|$)`, "i"),
  new RegExp(String.raw`\blengths? (?:is |are |of )?(?<low>\d+) to (?<high>${EXPRESSION})(?=[\s,.;]|$)`, "i"),
  new RegExp(String.raw`\blengths? (?:is |are |of )?at most (?<high>${EXPRESSION})(?=[\s,.;]|$)`, "i"),
  new RegExp(String.raw`\b(?:of|with|has|have)(?: an?)? (?:the )?lengths?(?: of)? (?<low>${EXPRESSION})(?=[\s,.;]|$)`, "i"),
  /\blength-(?<low>\d+)\b/i,
  new RegExp(String.raw`\blengths? of [^,.]*? is (?<low>${EXPRESSION})(?=[\s,.;]|$)`, "i"),
];

const lengths: Reader = (text, names) => {
  if (/^the (?:sum|total) /i.test(text)) return [];
  const subjects = subjectWords(text, names);
  const both = /\blengths? of ([^]*?) (?:and|are) [^]*\bequal\b/i.test(text);
  const equal: Claim[] =
    both && subjects.length > 1
      ? [{ kind: "chain", parts: subjects.map(({ name }) => [`${name}.length`]), signs: subjects.slice(1).map(() => "==") }]
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

function cleaned(text: string): string {
  return text.replace(/[.,]$/, "");
}

const integers: Reader = (text, names) => {
  const match = new RegExp(
    String.raw`^([^]*?)\b(?:is|are)(?: both| all)?(?: an?)? (?:different |distinct )?(?:odd |even |positive |non-negative )?integers? (?:between|from|in the range) (${EXPRESSION}) (?:and|to) (${EXPRESSION})(?=[\s,.;]|$)`,
    "i",
  ).exec(text);
  if (match)
    return names.in(match[1] ?? "").map(({ name }) =>
      between(name, names.expression(cleaned(match[2] ?? "")), names.expression(cleaned(match[3] ?? ""))),
    );
  const most = new RegExp(String.raw`^([^]*?)\b(?:is|are)(?: an?)? (positive|non-negative) integers? (?:not greater than|not exceeding|at most|less than or equal to) (${EXPRESSION})(?=[\s,.;]|$)`, "i").exec(text);
  if (!most) return [];
  const low = most[2] === "positive" ? "1" : "0";
  return names.in(most[1] ?? "").map(({ name }) => between(name, low, names.expression(cleaned(most[3] ?? ""))));
};

/** `X is 0 or 1`, `T is in {1, 2}`, `either 0's or 1's`: whole numbers without a gap. */
const listedNumbers: Reader = (text, names) => {
  const match =
    /^([^]*?) (?:is|are|equals?)(?: all)? (?:either |one of |in \{|in )?((?:-?\d+(?:'s)?)(?:(?:, ?| or | and |, or |, and )-?\d+(?:'s)?)+)\}?\.?(?:\s*\(.*)?$/i.exec(text);
  const numbers = [...(match?.[2] ?? "").matchAll(/-?\d+/g)].map(Number).toSorted((a, b) => a - b);
  const [low, high] = [numbers[0], numbers.at(-1)];
  if (match === null || low === undefined || high === undefined || high - low !== numbers.length - 1) return [];
  return names
    .in(match[1] ?? "")
    .filter(({ type }) => type === "integer")
    .map(({ name }) => between(name, String(low), String(high)));
};

const parity: Reader = (text, names) => {
  const match = /^(?:the )?(?:length of )?([^]*?) (?:is|are|has|be)(?: an?| always)? (even|odd)(?: number| integer| length| positive integer)?\b/i.exec(text);
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
    return /\s/.test(value) ? [] : [{ kind: "divisible", value, by: names.expression(multiple[2] ?? ""), rest: 0 }];
  }
  const divides = /^(\w+) divides ([\w.[\]]+?)\.?$/i.exec(text);
  return divides ? [{ kind: "divisible", value: names.expression(divides[2] ?? ""), by: names.expression(divides[1] ?? ""), rest: 0 }] : [];
};

const distinct: Reader = (text, names) => {
  if (!/\b(?:distinct|unique|different|no duplicates?|no repeated)\b/i.test(text)) return [];
  if (/\btwo different|different integers between|number of (?:distinct|different)/i.test(text) && !/integers between/.test(text)) return [];
  const subjects = names.in(text.replace(/\bfor (?:each|all|every)\b[^]*/i, "").replace(/\b(?:distinct|different) integers? between[^]*/i, ""));
  if (subjects.length === 0) return [];
  const lists = subjects.filter(({ name }) => name.endsWith("[]"));
  if (lists.length === 0) return subjects.length > 1 ? [{ kind: "distinct", names: subjects.map(({ name }) => name) }] : [];
  // Lists and plain names together: understood only in part.
  if (/^(?:all |the )?(?:of )?(?:the )?(?:pairs? |tuples? |points? |triples? )?\(/i.test(text) || /\bpairs?\b|\bpoints?\b/i.test(text))
    return [{ kind: "distinct", names: lists.map(({ name }) => name) }];
  return lists.map(({ name }) => ({ kind: "distinct", names: [name] }));
};

const permutation: Reader = (text, names) => {
  const once = /\beach (?:of|integer|number)?\b[^]*\bexactly once\b/i.test(text);
  const word = /\bpermutations? of ([A-Z]{3,}|[a-z]{4,})\.?$/.exec(text);
  if (!once && !/\bpermutation/i.test(text)) return [];
  const subjects = names.in(text.split(/\bpermutations? of\b|contains? each/i)[0] ?? "");
  if (word)
    return subjects.filter(({ type }) => type === "word").flatMap(({ name }): Claim[] => [
      { kind: "letters", name, letters: word[1] ?? "" },
      ...[...(word[1] ?? "")].map((letter): Claim => ({ kind: "holds", name, letter, least: 1, most: 1 })),
      between(`${name}.length`, String(word[1]?.length ?? 0), String(word[1]?.length ?? 0)),
    ]);
  const from = /\(\s*0|\b0,|\[0/.test(text) ? 0 : 1;
  const lists = subjects.filter(({ name, type }) => name.endsWith("[]") && type === "integer");
  return lists.map(({ name }) => ({ kind: "permutation", name, from }));
};

const sorted: Reader = (text, names) => {
  const match = /\b(?:sorted|given|listed)?\s*(?:in )?(?:(strictly) )?(non-?decreasing|non-?increasing|increasing|decreasing|ascending|descending)(?: order)?\b/i.exec(text);
  if (!match || !/\b(?:sorted|order|increasing|decreasing)\b/i.test(text)) return [];
  const kind = (match[2] ?? "").toLowerCase().replace("-", "");
  const order = /nondecreasing|^increasing|ascending/.test(kind) ? 1 : -1;
  return names
    .in(text)
    .filter(({ name }) => name.endsWith("[]"))
    .map(({ name }) => ({ kind: "sorted", name, order, strict: match[1] !== undefined }));
};

const contents: Reader = (text, names) => {
  const subjects = names.in(text).filter(({ type }) => type === "word");
  const [subject] = subjects;
  if (subject === undefined) return [];
  const name = subject.name;
  const quoted = (each: string): string => each.replace(/^["'`“](.)["'`”]$/, "$1");
  const count = /\b(?:contains?|has|is|are) (?:at least|exactly|only)? ?(at least one|exactly one|exactly two|one|two|at least two) ["'`]?(\S)["'`]?(?= in\b|[.,]|$|\s)/i.exec(text) ??
    /\b(at least one|exactly one|exactly two) ["'`]?(\S)["'`]?(?= in\b|\.|$)/i.exec(text);
  if (/\bcontains? (?:exactly )?one \S, (?:exactly )?one \S/i.test(text))
    return [...text.matchAll(/\bone ["'`]?(\S?)["'`]?(?=,| and|\.|$)/gi)].flatMap(([, letter = ""]): Claim[] =>
      letter === "" ? [] : [{ kind: "holds", name, letter, least: 1, most: 1 }]);
  const all = /\bcontains? all of ([^]*)$/i.exec(text);
  const set = all ? lettersOf(all[1] ?? "") : undefined;
  if (set !== undefined) return [...set].map((letter): Claim => ({ kind: "holds", name, letter, least: 1 }));
  const once = /^(?:each of )?([^]*?) (?:exists?|appears?|occurs?) exactly once in /i.exec(text);
  const letters = once ? lettersOf(once[1] ?? "") : undefined;
  if (letters !== undefined) return [...letters].map((letter): Claim => ({ kind: "holds", name, letter, least: 1, most: 1 }));
  if (!count) return [];
  const least = /two/i.test(count[1] ?? "") ? 2 : 1;
  const exact = /exactly/i.test(count[0]);
  return [{ kind: "holds", name, letter: quoted(count[2] ?? ""), least, ...(exact ? { most: least } : {}) }];
};

/** `at most 5000 members, possibly none`, `1 to 10000 trees`: the only lengths there are, whatever they are called. */
const amounts: Reader = (text, names) => {
  const match = /^(?:at most|up to|no more than) (?<most>[\d*^() ]+?) [a-z]+(?<none>, (?:possibly|perhaps|maybe) none)?\.?$|^(?:there (?:are|is) )?(?<low>\d+) to (?<high>[\d*^() ]+?) [a-z]+\.?$/i.exec(text);
  const groups = match?.groups;
  if (groups !== undefined) {
    const low = groups["low"] ?? (groups["none"] === undefined ? undefined : "0");
    const high = groups["most"] ?? groups["high"] ?? "";
    return names.freeLists.map((name) => low === undefined ? chain(`${name}.length`, "<=", high) : between(`${name}.length`, low, high));
  }
  const none = /^(?:no|without any|an empty|if there are no) (?:list of )?(\w+)\b/i.exec(text)?.[1];
  return names.freeLists.includes(none ?? "") ? [chain("0", "<=", `${none ?? ""}.length`)] : [];
};

/** `the m sizes, each between 1 and 3000`, `u and v differ`, `n characters # and .`. */
const asides: Reader = (text, names) => {
  const found: Claim[] = [];
  const each = new RegExp(String.raw`\b(?:each|all) (?:of (?:them|which) )?(?:is |are |being )?(?:an? )?(?:integers? )?between (${EXPRESSION}) and (${EXPRESSION})(?=[\s,.;]|$)`, "i").exec(text);
  const subject = each === null ? undefined : names.in(text.slice(0, each.index)).findLast(({ name, type }) => name.endsWith("[]") && type === "integer");
  if (each && subject) found.push(between(subject.name, names.expression(each[1] ?? ""), names.expression(cleaned(each[2] ?? ""))));
  for (const [, a = "", b = ""] of text.matchAll(/\b([A-Za-z]\w*)(?:\[\])? and ([A-Za-z]\w*)(?:\[\])? (?:differ|are different)\b/g))
    if (names.scalar(a) && names.scalar(b)) found.push({ kind: "chain", parts: [[names.expression(a)], [names.expression(b)]], signs: ["!="] });
  const characters = /\b([A-Za-z]) characters ([^]*?)(?: \(| ;|$)/.exec(text);
  const set = characters === null ? undefined : lettersOf(characters[2] ?? "");
  if (characters && set !== undefined)
    for (const { name } of subjectWords(text, names)) found.push({ kind: "letters", name, letters: set }, chain(`${name}.length`, "==", characters[1] ?? ""));
  const both = new RegExp(String.raw`^(?:both|all|they) (?:are|is) strings? of (\d+) to (${EXPRESSION}) ([^]*)$`, "i").exec(text);
  const letters = both === null ? undefined : lettersOf(both[3] ?? "");
  if (both)
    for (const { name } of names.words) {
      found.push(between(`${name}.length`, both[1] ?? "", both[2] ?? ""));
      if (letters !== undefined) found.push({ kind: "letters", name, letters });
    }
  return found;
};

const leadingZero: Reader = (text, names) => {
  if (!/leading zero/i.test(text) || !/\b(?:no|not|without|n't|never)\b|n't/i.test(text)) return [];
  return subjectWords(text, names).map(({ name }) => ({ kind: "no-leading-zero", name }));
};

const sums: Reader = (text, names) => {
  const match = /\b(?:sum|total)(?: length)? of (?:all )?([\w.[\]]+?)(?:s|'s| values)?(?:,[^]*?)? ?(?:(?:over|across|for|in|among) [^]*?)?(?:is|does not exceed|doesn't exceed|will not exceed|won't exceed|do not exceed)(?: at most| less than or equal to| not greater than| bounded by)? ([\d*^() ]+)/i.exec(text);
  if (!match) return [];
  const most = power(match[2] ?? "");
  const scalar = names.scalar(match[1] ?? "");
  const isLength = /length/i.test(match[0]) || scalar?.type === "word";
  const name = scalar === undefined || isLength ? names.expression(`${(match[1] ?? "").replace(/\.length$/, "")}.length`) : scalar.name;
  return most === undefined ? [] : [{ kind: "sum", name, most }];
};

function power(text: string): number | undefined {
  const match = /^\s*\(?(?:(\d+)\s*\*\s*)?(\d+)(?:\^\(?(\d+)\)?)?/.exec(text);
  if (!match) return undefined;
  return Number(match[1] ?? 1) * Number(match[2]) ** Number(match[3] ?? 1);
}

/** Columns of a grid differ from those of rows only by their names. */
export function isCell(name: string): boolean {
  return name.length - baseOf(name).length >= 4;
}

const READERS: readonly Reader[] = [chains, letters, lengths, integers, listedNumbers, parity, distinct, permutation, sorted, contents, leadingZero, sums, amounts, asides];
