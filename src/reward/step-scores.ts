import { setImmediate } from "node:timers/promises";
import type { ProgramRewards, Scorer, ScoreRequest } from "../core/scorer.ts";

interface Waiting {
  readonly request: ScoreRequest;
  readonly signal: AbortSignal;
  readonly resolve: (rewards: ProgramRewards) => void;
  readonly reject: (error: unknown) => void;
}

/** Programs that the PRM reads together at most. */
const BATCH = 256;

/** Asks the PRM for many programs together, whoever asks: programs of one problem share their beginnings. */
export class StepScores {
  readonly #scorer: Scorer;
  #waiting: Waiting[] = [];
  #asking = false;

  constructor(scorer: Scorer) {
    this.#scorer = scorer;
  }

  /** Errors: those of `Scorer.score`; the signal's reason when it aborts before the program's turn. */
  of(request: ScoreRequest, signal: AbortSignal): Promise<ProgramRewards> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, signal, resolve, reject });
      if (!this.#asking) void this.#ask();
    });
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    while (this.#waiting.length > 0) {
      // The other programs of a request come in the same turn.
      await setImmediate();
      const batch: Waiting[] = [];
      for (const each of this.#waiting.splice(0, BATCH)) {
        if (each.signal.aborted) each.reject(each.signal.reason);
        else batch.push(each);
      }
      await this.#score(batch);
    }
    this.#asking = false;
  }

  async #score(batch: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.#scorer.score(batch.map(({ request }) => request));
      for (const [at, { resolve, reject }] of batch.entries()) {
        const answer = answers[at];
        if (answer === undefined) reject(new Error("the scorer gave no answer"));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
