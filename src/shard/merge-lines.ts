import { createReadStream } from "node:fs";
import { FunprmError } from "../core/errors.ts";
import { digestOf, readHeader, readRuns, type ShardHeader } from "./shard-record.ts";
import type { ShardClaim } from "./merge-checks.ts";
import type { UnitRun } from "./units.ts";

/** A shard's output with its record. */
export interface LinesShard extends ShardClaim {
  readonly header: ShardHeader;
}

/** Reads what a shard says of itself and checks that its output is what it says. @throws FunprmError `input` */
export async function openLinesShard(place: string): Promise<LinesShard> {
  const header = await readHeader(place);
  const { lines, sha256 } = await digestOf(place);
  if (lines !== header.lines || sha256 !== header.sha256) {
    throw new FunprmError(
      "input",
      `${place}: expected the ${header.lines} lines that the shard wrote, got ${lines === header.lines ? "others" : lines}. ` +
        "It was changed afterwards: run the shard again.",
    );
  }
  return { ...header, place, header };
}

/**
 * Writes the lines of shards in the order of a run over the whole input; of each shard a piece is in memory at a time.
 * @throws FunprmError `input` for a unit that no shard has, or two
 */
export async function mergeLines(
  shards: readonly LinesShard[],
  write: (text: string) => Promise<void>,
): Promise<void> {
  const heads = shards.map((shard) => new Head(shard));
  for (const head of heads) await head.next();
  let due = 0;
  for (;;) {
    const waiting = heads.filter((head) => head.run !== undefined);
    const next = waiting.toSorted((a, b) => a.at - b.at)[0];
    if (next?.run === undefined) break;
    if (next.at > due) throw gap(due, next.at);
    if (next.at < due) {
      throw new FunprmError(
        "input",
        `${next.place}: unit ${next.at} is in another shard too; the shards were made from different input`,
      );
    }
    due = next.at + next.run[1];
    await next.copy(next.run[2], write);
    await next.next();
  }
  const total = shards[0]?.total ?? 0;
  if (due < total) throw gap(due, total);
}

function gap(from: number, to: number): FunprmError {
  const units = to === from + 1 ? `unit ${from} is` : `units ${from} to ${to - 1} are`;
  return new FunprmError("input", `${units} in none of the shards; they were made from different input`);
}

/** How far the output of a shard is copied. */
class Head {
  readonly place: string;
  readonly #runs: AsyncGenerator<UnitRun>;
  readonly #chunks: AsyncIterator<string>;
  #rest = "";
  run: UnitRun | undefined;

  constructor({ place }: LinesShard) {
    this.place = place;
    this.#runs = readRuns(place);
    this.#chunks = createReadStream(place, { encoding: "utf8", highWaterMark: 1 << 18 })[
      Symbol.asyncIterator
    ]();
  }

  get at(): number {
    return this.run?.[0] ?? Number.POSITIVE_INFINITY;
  }

  async next(): Promise<void> {
    const { value, done } = await this.#runs.next();
    this.run = done === true ? undefined : value;
  }

  /** Copies so many lines. */
  async copy(lines: number, write: (text: string) => Promise<void>): Promise<void> {
    let left = lines;
    while (left > 0) {
      let end = 0;
      for (let at = this.#rest.indexOf("\n"); at !== -1 && left > 0; at = this.#rest.indexOf("\n", end)) {
        end = at + 1;
        left -= 1;
      }
      if (end > 0) await write(this.#rest.slice(0, end));
      this.#rest = this.#rest.slice(end);
      if (left === 0) return;
      const { value, done } = await this.#chunks.next();
      if (done === true)
        throw new FunprmError("input", `${this.place}: ended before its last line; it was changed meanwhile`);
      this.#rest += value;
    }
  }
}
