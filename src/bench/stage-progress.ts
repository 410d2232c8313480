import { duration } from "../console/duration.ts";

/** The stages of a bench and what each has to do, in its own units, none of which is done twice. */
export type StageWork = readonly { readonly name: string; readonly left: number }[];

/** Units after which this run's own rate counts as much as that of an earlier run. */
const EARLIER_UNITS = 10;
/** A rate of fewer units, or of less time, is no rate. */
const FEWEST_UNITS = 3;
const LEAST_SECONDS = 1;

export interface StageProgressOptions {
  /** Units a second of earlier runs in the folder, by stage. */
  readonly earlier: ReadonlyMap<string, number>;
  /** Stages that came before these, such as sampling. */
  readonly before: number;
  readonly show: (stage: string, done: number, total: number, detail: string) => void;
  /** Milliseconds. */
  readonly clock?: () => number;
}

/**
 * How far a bench is, over all of its stages. The time left is that of the stage at hand, at its mean rate since it began,
 * and of the later ones, at the rate of an earlier run; where a later stage was never timed, only its work is told.
 */
export class StageProgress {
  readonly #options: StageProgressOptions;
  readonly #clock: () => number;
  #stages: StageWork = [];
  #at = -1;
  #started = 0;

  constructor(options: StageProgressOptions) {
    this.#options = options;
    this.#clock = options.clock ?? (() => performance.now());
  }

  /** Says what there is to do. A second time, when more is known: stages keep their numbers. */
  plan(work: StageWork): void {
    const left = new Map(work.map((stage) => [stage.name, stage.left]));
    // Whoever told of a stage before these has counted them all.
    const isCounted = this.#options.before > 0;
    if (this.#stages.length === 0) this.#stages = work.filter((stage) => isCounted || stage.left > 0);
    else
      this.#stages = this.#stages.map(({ name, left: before }) => ({ name, left: left.get(name) ?? before }));
  }

  begin(name: string): void {
    this.#at = this.#stages.findIndex((stage) => stage.name === name);
    this.#started = this.#clock();
  }

  step(name: string, done: number, total: number): void {
    this.#options.show(name, done, total, this.#detail(done, total));
  }

  #detail(done: number, total: number): string {
    if (this.#at === -1) return "";
    const { before } = this.#options;
    const stage = `stage ${before + this.#at + 1} of ${before + this.#stages.length}`;
    const later = this.#stages.slice(this.#at + 1).filter(({ left }) => left > 0);
    if (later.length === 0) return stage;
    const seconds = [
      this.#secondsOf(total - done, this.#rate(done)),
      ...later.map(({ name, left }) => this.#secondsOf(left, this.#options.earlier.get(name))),
    ];
    const sum = seconds.reduce<number | undefined>(
      (all, each) => (all === undefined || each === undefined ? undefined : all + each),
      0,
    );
    if (sum !== undefined) return `${stage}, ${duration(sum)} left in all`;
    return `${stage}, then ${later.map(({ name, left }) => `${name} ${left}`).join(", ")}`;
  }

  /** Units a second of the stage at hand: an earlier run's at first, more and more this one's. */
  #rate(done: number): number | undefined {
    const seconds = (this.#clock() - this.#started) / 1000;
    const earlier = this.#options.earlier.get(this.#stages[this.#at]?.name ?? "");
    if (earlier !== undefined) return (done + EARLIER_UNITS) / (seconds + EARLIER_UNITS / earlier);
    return done < FEWEST_UNITS || seconds < LEAST_SECONDS ? undefined : done / seconds;
  }

  #secondsOf(left: number, rate: number | undefined): number | undefined {
    if (left === 0) return 0;
    return rate === undefined || rate <= 0 ? undefined : left / rate;
  }
}
