/** The shown selector's choices as JUnit XML, one test case a problem, for systems that show such files. */
import { escapeText } from "./html.ts";
import { verdictText } from "../core/verdict.ts";
import type { CandidateReport, ProblemReport } from "../bench/results/report-data.ts";
import { usedCandidate } from "./run-statistics.ts";

export class JunitCases {
  readonly #cases: string[] = [];
  readonly #selector: string;
  #failures = 0;
  #skipped = 0;

  constructor(selector: string) {
    this.#selector = selector;
  }

  add(problem: ProblemReport): void {
    const used = usedCandidate(problem, this.#selector);
    const candidate = used === undefined ? undefined : problem.candidates[used];
    const group = problem.facts["platform"] ?? problem.facts["suite"] ?? "problems";
    const start = `<testcase classname="${escapeText(group)}" name="${escapeText(problem.id)}"`;
    if (candidate === undefined || candidate.passed === null) {
      this.#skipped++;
      const why = candidate === undefined ? "no choice" : "the tests could not judge the choice";
      this.#cases.push(`${start}><skipped message="${why}"/></testcase>`);
    } else if (candidate.passed) {
      this.#cases.push(`${start}/>`);
    } else {
      this.#failures++;
      this.#cases.push(`${start}>${failure(problem, candidate)}</testcase>`);
    }
  }

  /** The whole file. */
  finish(title: string): string {
    const counts = `tests="${this.#cases.length}" failures="${this.#failures}" skipped="${this.#skipped}"`;
    const name = escapeText(`${title}: ${this.#selector}`);
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n<testsuite name="${name}" ${counts}>\n${this.#cases.map((each) => `${each}\n`).join("")}</testsuite>\n</testsuites>\n`;
  }
}

function failure(problem: ProblemReport, { sampleIndex, verdict, failedTest }: CandidateReport): string {
  const others = problem.candidates.filter(({ passed }) => passed === true).length;
  const message = `sample ${sampleIndex}: ${verdict === undefined ? "fails" : verdictText(verdict)}; ${others} of ${problem.candidates.length} candidates pass`;
  const parts = [
    failedTest?.message,
    named("input", failedTest?.input),
    named("expected", failedTest?.expected),
    named("actual", failedTest?.actual),
  ].filter((part) => part !== undefined);
  return `<failure message="${escapeText(message)}" type="${verdict ?? "fails"}">${escapeText(parts.join("\n"))}</failure>`;
}

function named(name: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${name}:\n${text.trimEnd()}`;
}
