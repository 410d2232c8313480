import type { Candidate } from "../../core/candidate.ts";
import { sha256OfFiles } from "../../files/files-sha256.ts";
import { gradingLimits } from "../../grade/grader.ts";
import { GRADING_VERSION } from "../../grade/grading-version.ts";
import type { Graded } from "../../grade/verdict.ts";
import { referenceMs } from "../../sandbox/machine-speed.ts";
import type { Shard } from "../../shard/shard.ts";
import { ShardInput } from "../../shard/shard-input.ts";
import { removeRecord, writeRecord } from "../../shard/shard-record.ts";
import { Units } from "../../shard/units.ts";
import { gradeOptions, type GradeRun } from "./grade-run.ts";

/** What a shard of `grade` has done and says of it. */
export class GradeShard {
  readonly #shard: Shard;
  readonly #run: GradeRun;
  readonly #out: string;
  readonly #input: ShardInput;
  readonly #units = new Units();
  #timeLimits = 0;

  constructor(shard: Shard, run: GradeRun, out: string) {
    this.#shard = shard;
    this.#run = run;
    this.#out = out;
    this.#input = new ShardInput(shard, run.idOf);
  }

  begin(): Promise<void> {
    return removeRecord(this.#out);
  }

  own(candidates: AsyncIterable<Candidate>): AsyncGenerator<Candidate> {
    return this.#input.own(candidates, (at) => this.#units.add(at, 1));
  }

  add({ verdict }: Graded): void {
    if (verdict === "time_limit") this.#timeLimits += 1;
  }

  async finish(exit: number, earlierTimeLimits: number): Promise<void> {
    const { options, sandbox, signal } = this.#run;
    const files = [options.problems, options.tests].filter((file) => file !== undefined);
    await writeRecord(this.#out, {
      command: "grade",
      shard: this.#shard,
      total: this.#input.total,
      units: this.#units,
      settings: {
        candidates_sha256: this.#input.sha256(),
        problems_sha256: await sha256OfFiles(files),
        grading_version: GRADING_VERSION,
        limits: { ...gradingLimits(gradeOptions(this.#run)) },
        stop_at_first_failure: options.stopAtFirstFailure,
        steady: options.steady,
        interpreter: sandbox.fingerprint ?? sandbox.identity,
      },
      referenceMs: await referenceMs(sandbox, signal),
      timeLimits: this.#timeLimits + earlierTimeLimits,
      exit,
    });
  }
}
