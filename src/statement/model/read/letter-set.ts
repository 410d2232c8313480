const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";

/** Names of whole classes of letters; the first that fits a place is taken. */
const CLASSES: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:both )?(?:upper|lower)[- ]?case (?:and|or) (?:lower|upper)[- ]?case (?:english |latin )?(?:letters?|alphabets?)/gi,
    LOWER + UPPER,
  ],
  [
    /\b(?:upper|lower)[- ]?case (?:english |latin )?letters?(?:,| and| or)+ (?:upper|lower)[- ]?case (?:english |latin )?letters?/gi,
    LOWER + UPPER,
  ],
  [
    /\b(?:english |latin )(?:upper|lower)[- ]?case (?:and|or) (?:upper|lower)[- ]?case (?:letters?)/gi,
    LOWER + UPPER,
  ],
  [/\b(?:english |latin )?letters? of the (?:english )?alphabet in uppercase and lowercase/gi, LOWER + UPPER],
  [/\b(?:english |latin )?lower[- ]?case (?:english |latin )?(?:letters?|alphabets?|characters?)/gi, LOWER],
  [/\b(?:small )(?:english |latin )letters?/gi, LOWER],
  [/\b(?:english |latin )?upper[- ]?case (?:english |latin )?(?:letters?|alphabets?|characters?)/gi, UPPER],
  [/\bdigits? (?:from )?['"`]?1['"`]? (?:to|through|-) ['"`]?9['"`]?/gi, "123456789"],
  [/\b(?:decimal |numeric )?digits?(?: (?:from )?['"`]?0['"`]? (?:to|through|-) ['"`]?9['"`]?)?/gi, DIGITS],
  [/\b(?:english |latin )?letters?\b/gi, LOWER + UPPER],
  [/\bhyphens?\b/gi, "-"],
  [/\bspaces?\b/gi, " "],
];

/** What follows a set of letters in a sentence and is no part of it. */
const AFTER =
  /\s(?:with|whose|having|where|such|representing|of (?:even|odd) length|of length|that|without|satisfying|separated)\b|,? (?:with )?lengths? (?:of )?between\b|\s\((?=\d|excluding|without|[A-Za-z]+ ?[<=])/;

/**
 * The letters that a phrase lists: `lowercase English letters and digits`, `` `.` and `#` ``, `X, Y, or Z`,
 * `"(", ")"`. undefined when something in it is no letter.
 */
export function lettersOf(phrase: string): string | undefined {
  let rest = phrase.split(AFTER)[0] ?? "";
  let letters = "";
  for (const [pattern, set] of CLASSES) {
    // With the full stop of the sentence, which is no letter.
    rest = rest.replace(new RegExp(String.raw`(?:${pattern.source})(?:\.\s*$)?`, "gi"), () => {
      letters += set;
      return " , ";
    });
  }
  rest = rest.replace(/"([^"\s]{2,})"(?:\.\s*$)?/g, (_, each: string) => {
    letters += each;
    return " , ";
  });
  rest = rest.replace(/(["'`“”])(.)\1(?:\.\s*$)?/g, (_, __, each: string) => {
    letters += each;
    return " , ";
  });
  for (const item of rest.split(
    /,(?=\s|$)|\s+(?:and|or|as well as)(?=\s|$)|(?<=^|\s)(?:the )?(?:characters?|letters?|symbols?|signs?|either|only|the|a|an|one|both|from|string)(?=\s|$)/,
  )) {
    const text = item.trim().replace(/^(?:and|or) /, "");
    if (text === "") continue;
    const bare = text.length > 1 ? text.replace(/[.;]$/, "") : text;
    if ([...bare].length !== 1) return undefined;
    letters += bare;
  }
  return letters === "" ? undefined : [...new Set(letters)].join("");
}

/** Words that a phrase lists: `` `yes` or `no` ``, `Red, Green, or Blue`, `sweet or salty`. */
export function wordsOf(phrase: string): string[] | undefined {
  const rest = phrase
    .replace(/["'`“”]/g, "")
    .replace(/^(?:either|one of|the strings?|any of|the words?)\s+/i, "")
    .replace(/\.\s*$/, "")
    .replace(/\s*\([^()]*\)\s*$/, "");
  const words = rest.split(/,\s*(?:and |or )?|\s+(?:and|or)\s+/).map((word) => word.trim());
  return words.length > 1 && words.every((word) => /^[\w+-]{1,20}$/.test(word)) ? words : undefined;
}
