/** Consecutive units of a run that a shard has, and how many lines it wrote for them together. */
export type UnitRun = readonly [at: number, units: number, lines: number];

/** Which units of the whole run a shard has done, in ascending order; neighbours take no memory each. */
export class Units {
  readonly #runs: [number, number, number][] = [];
  #lines = 0;

  /** @param at position of the unit among those of all shards, from 0 */
  add(at: number, lines: number): void {
    this.#lines += lines;
    const last = this.#runs.at(-1);
    if (last !== undefined && at < last[0] + last[1])
      throw new Error(`units ascend: ${at} came after ${last[0]}`);
    if (last === undefined || at > last[0] + last[1]) {
      this.#runs.push([at, 1, lines]);
      return;
    }
    last[1] += 1;
    last[2] += lines;
  }

  get runs(): readonly UnitRun[] {
    return this.#runs;
  }

  /** Lines of all units together. */
  get lines(): number {
    return this.#lines;
  }
}
