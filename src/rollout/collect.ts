import type { Candidate } from "../core/candidate.ts";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import type { ProblemLookup } from "../grade/tests/test-plan-cache.ts";
import { gradeCandidates, type GradeOptions } from "../grade/grader.ts";
import { passedOf } from "../core/verdict.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Outline } from "./outline.ts";
import type { RolloutPolicy } from "./policy.ts";
import { type Prefix, properPrefixes } from "./prefix.ts";

/** A program whose prefixes are to be rewarded, cut into steps. */
export interface Source {
  readonly candidate: Candidate;
  readonly outline: Outline;
}

export interface CollectOptions {
  readonly lookup: ProblemLookup;
  readonly policy: RolloutPolicy;
  /** K: rollouts a prefix. */
  readonly rollouts: number;
  readonly sandbox: Sandbox;
  /** With `known`, nothing is graded twice, and a larger K grades only what is new. */
  readonly grade: GradeOptions;
  readonly signal?: AbortSignal;
  /** Called with the number of programs whose verdict is known, rollouts and whole programs. */
  readonly onProgress?: (done: number) => void;
}

/** The rollouts of one prefix: its reward is k / K. */
interface Tally {
  /** Completions that pass all tests, of `K` that were judged. */
  k: number;
  K: number;
  /** Texts that did not keep the prefix. */
  rejected: number;
  /** Completions that could not be judged; in neither k nor K. */
  unjudged: number;
}

/** What is known of one program: a tally for each proper prefix, and whether it passes itself. */
export interface ProgramRewards extends Source {
  /** null when it could not be judged, or holds no code. */
  readonly passed: boolean | null;
  /** By step, without the last one: the reward of a whole program is its verdict. */
  readonly tallies: readonly Tally[];
}

/**
 * Monte-Carlo step rewards (FunPRM, section 3): for every prefix the share of K completions that pass all tests, and
 * for every program its own verdict. Equal prefixes are completed once, equal programs graded once, and nothing that
 * the verdict store knows is graded again.
 *
 * Errors: FunprmError `input` for a problem without tests, `interrupted`, and those of the policy.
 */
export async function collectRewards(
  sources: readonly Source[],
  options: CollectOptions,
): Promise<ProgramRewards[]> {
  const { policy, sandbox, signal } = options;
  const problems = await problemsOf(sources, options);
  const tallies = new Map<string, Tally>();
  const wholes = new Map<string, boolean | null>();
  const work = new Map<string, { prefix: Prefix; problem: Problem }>();
  for (const source of sources) {
    const problem = known(problems, source);
    for (const prefix of properPrefixes(source.candidate, source.outline)) {
      const key = tallyKey(prefix);
      if (tallies.has(key)) continue;
      tallies.set(key, { k: 0, K: 0, rejected: 0, unjudged: 0 });
      work.set(key, { prefix, problem });
    }
  }
  const settle = new Map<Candidate, Tell>();
  let done = 0;
  const toGrade = (problemId: string, code: string, tell: Tell): Candidate => {
    const program: Candidate = { problemId, code, sampleIndex: 0, warnings: [], extra: {} };
    settle.set(program, tell);
    return program;
  };
  async function* programs(): AsyncGenerator<Candidate> {
    for (const { candidate, outline } of sources) {
      const key = wholeKey(candidate.problemId, outline.code);
      if (wholes.has(key)) continue;
      wholes.set(key, null);
      yield toGrade(candidate.problemId, outline.code, (passed) => void wholes.set(key, passed));
    }
    for await (const { prefix, program } of policy.rollouts([...work.values()], options.rollouts, signal)) {
      signal?.throwIfAborted();
      const tally = tallies.get(tallyKey(prefix));
      if (tally === undefined) throw new Error("a rollout of a prefix that was not asked for");
      if (program === null) {
        tally.rejected += 1;
        options.onProgress?.((done += 1));
        continue;
      }
      yield toGrade(prefix.problemId, program, (passed) => count(tally, passed));
    }
  }
  const grade = { ...options.grade, stopAtFirstFailure: true, ...(signal !== undefined && { signal }) };
  for await (const { candidate, verdict } of gradeCandidates(
    programs(),
    async (id) => problems.get(id),
    sandbox,
    grade,
  )) {
    const tell = settle.get(candidate);
    if (tell === undefined) throw new Error("a verdict of a program that was not asked for");
    settle.delete(candidate);
    tell(passedOf(verdict));
    options.onProgress?.((done += 1));
  }
  return sources.map((source) => ({
    ...source,
    passed: wholes.get(wholeKey(source.candidate.problemId, source.outline.code)) ?? null,
    tallies: properPrefixes(source.candidate, source.outline).map(
      (prefix) => tallies.get(tallyKey(prefix)) ?? { k: 0, K: 0, rejected: 0, unjudged: 0 },
    ),
  }));
}

type Tell = (passed: boolean | null) => void;

function count(tally: Tally, passed: boolean | null): void {
  if (passed === null) tally.unjudged += 1;
  else {
    tally.K += 1;
    tally.k += passed ? 1 : 0;
  }
}

async function problemsOf(
  sources: readonly Source[],
  { lookup }: CollectOptions,
): Promise<Map<string, Problem>> {
  const problems = new Map<string, Problem>();
  for (const { candidate } of sources) {
    const { problemId } = candidate;
    if (problems.has(problemId)) continue;
    const problem = await lookup(problemId);
    if (problem?.hiddenTests === undefined) {
      throw new FunprmError(
        "input",
        `expected problem ${problemId} with hidden tests, got ${problem === undefined ? "no such problem" : "none"}: ` +
          "rewards are shares of completions that pass them",
      );
    }
    problems.set(problemId, problem);
  }
  return problems;
}

function known(problems: ReadonlyMap<string, Problem>, { candidate }: Source): Problem {
  const found = problems.get(candidate.problemId);
  if (found === undefined) throw new Error(`problem ${candidate.problemId} was not looked up`);
  return found;
}

function tallyKey({ problemId, sha256 }: Pick<Prefix, "problemId" | "sha256">): string {
  return `${problemId}\0${sha256}`;
}

function wholeKey(problemId: string, code: string): string {
  return `${problemId}\0${code}`;
}
