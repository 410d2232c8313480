import { endsSampling } from "../../llm/api-failure.ts";
import type { Choice, EvidenceSource } from "../../core/best-of-n.ts";
import type { Candidate } from "../../core/candidate.ts";
import type { FunprmError } from "../../core/errors.ts";
import type { Problem } from "../../core/problem.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import { confidenceOf, type Looked } from "../confidence.ts";
import type { Sampling } from "../sampling/sampling.ts";
import { lookAt } from "./look-at.ts";
import { type Repair, repairOf } from "./repair.ts";
import { type Known, nextRound, type RoundsPlan, type StopReason } from "./when-to-stop.ts";

export interface RoundsRun {
  readonly plan: RoundsPlan;
  /** Mend instead of sampling anew where no program passes the statement's examples. */
  readonly repair: boolean;
  readonly sampling: Pick<Sampling, "some">;
  /** Runs what the rounds look at; it should remember, since every round looks at all samples. undefined: nothing can run. */
  readonly sandbox: Sandbox | undefined;
  readonly signal: AbortSignal;
  /** The user's own tests: a program that passes them is enough, and one that fails them is none. */
  readonly ownTests?: EvidenceSource | undefined;
}

/** How the samples of a problem came about. */
export interface Rounds {
  readonly rounds: number;
  readonly stopped: StopReason | "failed";
  /** Samples that mend another one: the index of each, and whose program it mends. */
  readonly repairs: Readonly<Record<number, number>>;
}

export interface SampledInRounds extends Rounds {
  readonly candidates: readonly Candidate[];
  /** What the last look at them said. */
  readonly looked?: Looked;
  /** Why sampling ended early: `api` or `budget`. What came before is there. */
  readonly failure?: FunprmError;
}

/**
 * Samples one problem round by round until a further one does not pay. Equal samples lead to equal rounds, so that a
 * second run finds all of them in the store.
 *
 * @throws FunprmError whatever is neither `api` nor `budget`
 */
export async function sampleInRounds(problem: Problem, run: RoundsRun): Promise<SampledInRounds> {
  const { plan, signal } = run;
  const candidates: Candidate[] = [];
  const repairs: Record<number, number> = {};
  for (let rounds = 0; ; rounds += 1) {
    const choice = candidates.length === 0 ? undefined : await lookAt(problem, candidates, run);
    const sure = choice && confidenceOf(choice);
    const known = (choice && byOwnTests(choice)) ?? (sure === undefined ? {} : { sure });
    const chosen = candidates[choice?.selection.chosen ?? -1]?.code;
    const told = sure === undefined || chosen === undefined ? {} : { looked: { code: chosen, sure } };
    const next = nextRound({ samples: candidates.length, ...known }, plan);
    if ("stop" in next) return { candidates, rounds, stopped: next.stop, repairs, ...told };
    const repair = choice && (await repairWanted(problem, candidates, choice, run));
    const indices = Array.from({ length: next.more }, (_, i) => candidates.length + i);
    if (repair !== undefined) for (const index of indices) repairs[index] = repair.sampleIndex;
    const wanted = { problem, indices, ...(repair !== undefined && { messages: repair.messages }) };
    const arrived: Candidate[] = [];
    try {
      for await (const candidate of run.sampling.some([wanted], signal)) arrived.push(candidate);
    } catch (error) {
      if (!endsSampling(error)) throw error;
      candidates.push(...ordered(arrived));
      return { candidates, rounds: rounds + 1, stopped: "failed", repairs, ...told, failure: error };
    }
    candidates.push(...ordered(arrived));
  }
}

function byOwnTests({ pool }: Choice): Pick<Known, "sure"> | undefined {
  const results = pool.flatMap(({ ownTestsPassed }) => ownTestsPassed ?? []);
  if (results.length === 0) return undefined;
  const passes = results.includes(true);
  return { sure: { confidence: Number(passes), nonePasses: Number(!passes) } };
}

async function repairWanted(
  problem: Problem,
  candidates: readonly Candidate[],
  choice: Choice,
  { repair, sandbox, signal }: RoundsRun,
): Promise<Repair | undefined> {
  if (!repair || sandbox === undefined) return undefined;
  return repairOf(problem, candidates, choice, { sandbox, signal });
}

/** Samples of a round come in any order; the same samples are to lead to the same next round. */
function ordered(candidates: readonly Candidate[]): Candidate[] {
  return candidates.toSorted((a, b) => a.sampleIndex - b.sampleIndex);
}
