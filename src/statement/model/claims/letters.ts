import { between, subjectWords, type Reader } from "./parts.ts";
import type { Claim } from "../input-model.ts";
import { lettersOf, wordsOf } from "../read/letter-set.ts";

const CONSIST =
  /\b(?:consist(?:s|ing)?(?: only| solely| exclusively)?(?: of)|contain(?:s|ing)? only|made up(?: only)? of|compos\w+ of|(?:only )?consists? of)(?: only)?(?: of)?(?: the)?(?: following)?\s+/i;

export const letters: Reader = (text, names) => {
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
    return scalar?.type === "word"
      ? [{ kind: "letters", name: scalar.name, letters: (equal[2] ?? "") + (equal[3] ?? "") }]
      : [];
  }
  const inner =
    /\b(?:where )?(?:each|every|all) characters?(?: in it)? (?:is|are) (?:either |one of )?([^]*)$/i.exec(
      text,
    );
  const innerSet = inner ? lettersOf(inner[1] ?? "") : undefined;
  if (innerSet !== undefined)
    return subjectWords(text, names).map(({ name }) => ({ kind: "letters", name, letters: innerSet }));
  const each =
    /\b(?:each|every) (?:character|letter|element)s? (?:of|in) ([^]*?) (?:is|are)\s+([^]*)$|^(?:each of |each |every |all )?([A-Za-z][^]*?) (?:is|are)(?: all)? (?:either |one of |either of )?([^]*)$/i.exec(
      text,
    );
  if (each) {
    const set = (each[2] ?? each[4] ?? "")
      .replace(/^(?:either|one of|the characters?|a|an|one of the characters)\s+/i, "")
      .replace(/^one of (?:the characters )?/, "");
    const subjects = names.in(each[1] ?? each[3] ?? "").filter(({ type }) => type === "word");
    if (subjects.length === 0) return [];
    const chars = lettersOf(set);
    if (chars !== undefined && !/\bstring|\blength|\bdistinct/.test(set)) {
      const single = each[1] === undefined && !/\[\]\[\]|\[@?\w*\]/.test(each[3] ?? "");
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

export const contents: Reader = (text, names) => {
  const subjects = names.in(text).filter(({ type }) => type === "word");
  const [subject] = subjects;
  if (subject === undefined) return [];
  const name = subject.name;
  // `Exactly one pair (i,j) satisfies A_{i,j} = S`, `there is at least one (i,j) such that S_{i,j} = .`
  const cells =
    /\b(exactly|at most|at least) (one|two|\d+) (?:pairs? |cells? |squares? )?\([a-z], ?[a-z]\)[^=]*? (\w+)(?:\[\])+ == ?["'`]?(\S)["'`]?\.?$/i.exec(
      text.replace(/(?<![=<>!])=(?!=)/g, "=="),
    );
  if (cells) {
    const amount = { one: 1, two: 2 }[cells[2]?.toLowerCase() ?? ""] ?? Number(cells[2]);
    const kind = cells[1]?.toLowerCase();
    const least = kind === "at most" ? 0 : amount;
    return [
      {
        kind: "holds",
        name,
        letter: cells[4] ?? "",
        least,
        ...(kind === "at least" ? {} : { most: amount }),
      },
    ];
  }
  const quoted = (each: string): string => each.replace(/^["'`“](.)["'`”]$/, "$1");
  const count =
    /\b(?:contains?|has|is|are) (?:at least|exactly|only)? ?(at least one|exactly one|exactly two|one|two|at least two) ["'`]?(\S)s?["'`]?(?= in\b|[.,]|$|\s)/i.exec(
      text,
    ) ?? /\b(at least one|exactly one|exactly two) ["'`]?(\S)["'`]?(?= in\b|\.|$)/i.exec(text);
  if (/\bcontains? (?:exactly )?one \S, (?:exactly )?one \S/i.test(text))
    return [...text.matchAll(/\bone ["'`]?(\S?)["'`]?(?=,| and|\.|$)/gi)].flatMap(
      ([, letter = ""]): Claim[] =>
        letter === "" ? [] : [{ kind: "holds", name, letter, least: 1, most: 1 }],
    );
  const all = /\bcontains? all of ([^]*)$/i.exec(text);
  const set = all ? lettersOf(all[1] ?? "") : undefined;
  if (set !== undefined) return [...set].map((letter): Claim => ({ kind: "holds", name, letter, least: 1 }));
  const once = /^(?:each of )?([^]*?) (?:exists?|appears?|occurs?) exactly once in /i.exec(text);
  const letters = once ? lettersOf(once[1] ?? "") : undefined;
  if (letters !== undefined)
    return [...letters].map((letter): Claim => ({ kind: "holds", name, letter, least: 1, most: 1 }));
  if (!count) return [];
  const least = /two/i.test(count[1] ?? "") ? 2 : 1;
  const exact = /exactly/i.test(count[0]);
  return [{ kind: "holds", name, letter: quoted(count[2] ?? ""), least, ...(exact ? { most: least } : {}) }];
};

export const leadingZero: Reader = (text, names) => {
  if (!/leading zero/i.test(text) || !/\b(?:no|not|without|n't|never)\b|n't/i.test(text)) return [];
  return subjectWords(text, names).map(({ name }) => ({ kind: "no-leading-zero", name }));
};
