/** A statement of about 1.5 KB, the usual size of a contest problem's. */
export function statementOf(p) {
  return `Problem number ${p}. ${"You are given an array of integers and a number of queries over it; answer each. ".repeat(18)}`;
}
