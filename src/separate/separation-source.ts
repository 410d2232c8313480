import type { EvidenceSource } from "../core/best-of-n.ts";
import type { Candidate } from "../core/candidate.ts";
import { type CandidateEvidence, holdsCode, type Pool } from "../core/evidence.ts";
import { exampleScore } from "../core/example-score.ts";
import type { Problem } from "../core/problem.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { Separation, type SeparationOptions, type SeparationReport } from "./separation.ts";

export interface SeparationSourceOptions extends SeparationOptions {
  /** undefined where nothing can run, and then nothing is asked. */
  readonly sandbox: () => Promise<Sandbox | undefined>;
  readonly onReport: (problem: Problem, report: SeparationReport) => void;
}

/** An LLM's help as a source of evidence; asked when others leave different programs tied. */
export function separationSource(options: SeparationSourceOptions): EvidenceSource {
  return {
    gives: ["separation"],
    async gather(problem, candidates, pool, open) {
      const sandbox = await options.sandbox();
      const group = rivals(pool, open);
      if (sandbox === undefined || isOneProgram(group, candidates) || allFailOwnTests(pool, open)) return [];
      const separation = new Separation({ problem, candidates, pool, group }, options, sandbox);
      const evidence = await separation.run();
      options.onReport(problem, separation.report);
      return candidates.map((_, index): Partial<CandidateEvidence> => {
        const own = evidence.get(index);
        return own === undefined ? {} : { separation: own };
      });
    },
  };
}

/** Candidates that do as well by the user's tests, by reading and by the examples as those that still tie: the votes are counted anew among them. */
function rivals(pool: Pool, open: ReadonlySet<number>): number[] {
  const levels = new Set([...open].map((index) => levelOf(pool[index])));
  return pool.flatMap((evidence, index) =>
    holdsCode(evidence) && levels.has(levelOf(evidence)) ? [index] : [],
  );
}

function levelOf(evidence: CandidateEvidence | undefined): string {
  return `${String(evidence?.ownTestsPassed)} ${evidence?.soundness ?? ""} ${exampleScore(evidence?.exampleResults ?? [])}`;
}

/** Where the user's tests refuse all that tie, nothing is chosen, and a paid answer would decide nothing. */
function allFailOwnTests(pool: Pool, open: ReadonlySet<number>): boolean {
  return [...open].every((index) => pool[index]?.ownTestsPassed === false);
}

function isOneProgram(group: readonly number[], candidates: readonly Candidate[]): boolean {
  return new Set(group.map((index) => candidates[index]?.code)).size < 2;
}
