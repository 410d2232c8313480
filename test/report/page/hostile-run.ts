import type { ProblemReport } from "../../../src/bench/results/report-data.ts";
import { type SyntheticRun, syntheticRun } from "../synthetic-run.ts";

/** What a statement, a name or a program may hold to break out of the page or to break it. */
export const HOSTILE = [
  "</script><script>window.pwned = 1</script>",
  "<img src=x onerror='window.pwned = 2'>",
  "--><!--<script>",
  "\u2028 and \u2029",
  "lone \ud800 surrogate",
  "NUL \0 here",
  '" onfocus="window.pwned = 3" autofocus x="',
  "javascript:window.pwned=4",
  "`${window.pwned = 5}`",
  "]]> &amp; &lt;b&gt;",
  "\u202e right to left",
].join(" ");

/** A run whose every text is hostile; its first problem is mixed and its choice fails. */
export function hostileRun(): SyntheticRun {
  const { data, problems } = syntheticRun({ problems: 30, candidates: 5, sweeps: true });
  const hostile = (problem: ProblemReport, at: number): ProblemReport => ({
    ...problem,
    id: `p${at} ${HOSTILE}`,
    title: `t${at} ${HOSTILE}`,
    statement: `${HOSTILE}\n\n# ${HOSTILE}\n\n\`\`\`\n${HOSTILE}\n\`\`\`\n**${HOSTILE}**`,
    starterCode: HOSTILE,
    facts: { difficulty: `${problem.facts["difficulty"]} ${HOSTILE}`, __proto__x: HOSTILE },
    candidates: problem.candidates.map((candidate, position) => ({
      ...candidate,
      model: HOSTILE,
      code: `# ${HOSTILE}\n${candidate.code}`,
      passed: at === 0 ? position === 3 : candidate.passed,
      verdict: at === 0 ? (position === 3 ? "pass" : "wrong_answer") : (candidate.verdict ?? "pass"),
      failedTest: {
        index: 0,
        name: HOSTILE,
        input: HOSTILE,
        expected: HOSTILE,
        actual: HOSTILE,
        message: HOSTILE,
      },
      warnings: [HOSTILE],
    })),
    choices: problem.choices.map((choice) => ({
      ...choice,
      decidedBy: HOSTILE,
      ...(at === 0 ? { chosen: 0, best: [0, 1] } : {}),
    })),
  });
  return {
    data: {
      ...data,
      title: HOSTILE,
      notes: [HOSTILE],
      producedBy: { [HOSTILE]: HOSTILE, nested: { list: [HOSTILE, 1], object: [{ a: HOSTILE }] } },
      groups: data.groups.map((group) => ({
        name: `${group.name} ${HOSTILE}`,
        values: group.values.map(({ value, comparison }) => ({ value: `${value} ${HOSTILE}`, comparison })),
      })),
    },
    problems: problems.map(hostile),
  };
}
