import type { ComparisonHints } from "./example-test.ts";

const ANY_ANSWER: readonly RegExp[] = [
  // "print any of them", "output any one", "return any valid sequence"
  /\b(?:print|output|return|report|find|give|display)s? (?:any|either)(?: one)? of (?:them|these|those)\b/i,
  /\b(?:print|output|return|report|display)s? (?:any|either|an arbitrary)(?: one)?(?: (?:valid|correct|possible|such|optimal|suitable))? ?(?:answer|solution|one|construction|way)?s?(?=[.,;)\n]| (?:if|in case|that|satisfying)\b)/i,
  // "any of them will be accepted", "any such sequence is considered correct"
  /\b(?:any|either) (?:one )?(?:of (?:them|these|those|the (?:answers|solutions))|(?:\w+ )?(?:answer|solution|output|one|construction|sequence|permutation|array|string)s?)\b[^.\n]{0,100}\b(?:accepted|considered (?:as )?(?:to be )?correct|will be correct|is correct|is allowed|are allowed)\b/i,
  /\bsolutions? (?:is|are) allowed to print any\b|\bthe (?:correct )?(?:answer|solution|output) is not unique\b|\bother outputs\b[^.\n]{0,60}\b(?:correct|accepted)\b/i,
];

const ANY_CASE =
  /\bin any (?:letter )?case\b|\bcase[- ]insensitive(?:ly)?\b[^.]{0,60}\b(?:output|answer|print)|\bupper(?:case)? or lower ?case\b[^.]{0,80}\b(?:accept|recogni[sz]ed|correct)/i;

const ANY_ORDER = /\b(?:return|print|output|report)(?:s|ed)?\b[^.\n]{0,80}\bin any order\b/i;

/**
 * What a statement says about outputs other than the one it shows. Read sentence by sentence with patterns, so a
 * statement that says it in other words is missed; the cost is one failed example for right programs.
 */
export function comparisonHints(statement: string): ComparisonHints {
  const text = statement.replace(/\\texttt\{([^}]*)\}/g, "$1").replace(/[^\S\n]+/g, " ");
  const tolerance = statedTolerance(text);
  return {
    ...(ANY_ANSWER.some((pattern) => pattern.test(text)) ? { anyAnswer: true } : {}),
    ...(tolerance === undefined ? {} : { tolerance }),
    ...(ANY_CASE.test(text) ? { anyCase: true } : {}),
    ...(ANY_ORDER.test(text) ? { anyOrder: true } : {}),
  };
}

/** `absolute or relative error of at most 10^{-6}`, `within 10^-5 of the actual answer`, `1e-6`, `0.001`. */
function statedTolerance(text: string): number | undefined {
  const about =
    /(?:absolute|relative) (?:or (?:absolute|relative) )?(?:error|difference)|\berror\b[^.]{0,40}\bexceed|\bwithin\b[^.]{0,30}\bof the (?:actual|true|correct)/gi;
  for (const match of text.matchAll(about)) {
    const near = text.slice(Math.max(0, match.index - 80), match.index + match[0].length + 120);
    const power = /10 ?\^ ?\{? ?[-−–] ?(\d+) ?\}?|10\*\*\(?-(\d+)|\b1e-(\d+)|10<sup>-(\d+)/i.exec(near);
    const exponent = power?.slice(1).find((group) => group !== undefined);
    if (exponent !== undefined) return Number(`1e-${exponent}`);
    const decimal = /\b0\.0*1\b/.exec(near);
    if (decimal) return Number(decimal[0]);
  }
  return undefined;
}
