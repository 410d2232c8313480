import { benchCandidate, type BenchCandidate, type BenchProblem } from "../bench-pool.ts";
import type { Candidate } from "../../core/candidate.ts";
import type { Problem } from "../../core/problem.ts";

/** Candidates by problem; those of problems that are not wanted are dropped. */
export class CandidatePools {
  readonly #problems: readonly Problem[];
  readonly #fields: readonly string[];
  readonly #byId: Map<string, BenchCandidate[]>;
  count = 0;

  constructor(problems: readonly Problem[], fields: readonly string[]) {
    this.#problems = problems;
    this.#fields = fields;
    this.#byId = new Map(problems.map(({ id }) => [id, []]));
  }

  add(problemId: string, candidate: Candidate): void {
    const pool = this.#byId.get(problemId);
    if (pool === undefined) return;
    pool.push(benchCandidate(candidate, this.#fields));
    this.count += 1;
  }

  /** Problems with at least so many candidates, in the problems' order. */
  problems(atLeast = 1): BenchProblem[] {
    return this.#problems.flatMap((problem) => {
      const candidates = this.#byId.get(problem.id) ?? [];
      return candidates.length < atLeast ? [] : [{ problem, candidates: inOrder(candidates) }];
    });
  }
}

/** Samples arrive in any order; the same ones are to give the same bytes. */
function inOrder(candidates: readonly BenchCandidate[]): BenchCandidate[] {
  return candidates.toSorted((a, b) => a.sampleIndex - b.sampleIndex);
}
