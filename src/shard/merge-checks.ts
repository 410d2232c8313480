import { FunprmError } from "../core/errors.ts";
import { speedRatio } from "../sandbox/machine-speed.ts";

/** What every shard says of itself, be it a file of lines or the folder of a bench. */
export interface ShardClaim {
  /** Its file or folder. */
  readonly place: string;
  readonly command: string;
  readonly shard: number;
  readonly of: number;
  readonly total: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly reference_ms: number | null;
  readonly time_limits: number;
}

/**
 * Whether shards are all of one run: each there once, made in the same way from the same input.
 * @throws FunprmError `input` that names what is missing, double or different
 */
export function checkWhole(shards: readonly ShardClaim[]): void {
  const [first, ...others] = shards;
  if (first === undefined)
    throw new FunprmError("usage", "expected the outputs of shards to merge, got none");
  const places = new Map<number, string>();
  for (const { shard, place } of shards) {
    const earlier = places.get(shard);
    if (earlier !== undefined)
      throw new FunprmError("input", `${place}: shard ${shard} is also in ${earlier}; give every shard once`);
    places.set(shard, place);
  }
  for (const other of others) {
    const differences = differencesOf(first, other);
    if (differences.length > 0) {
      throw new FunprmError(
        "input",
        `${first.place} and ${other.place} are not of one run:\n${differences.map((line) => `  ${line}\n`).join("")}` +
          "Make all shards with the same options from the same input.",
      );
    }
  }
  const missing = Array.from({ length: first.of }, (_, index) => index).filter((index) => !places.has(index));
  if (missing.length > 0) {
    throw new FunprmError(
      "input",
      `expected all ${first.of} shards, missing ${missing.slice(0, 20).join(", ")}${missing.length > 20 ? ", ..." : ""}`,
    );
  }
}

function differencesOf(a: ShardClaim, b: ShardClaim): string[] {
  const facts = ({ command, of, total, settings }: ShardClaim) => ({
    command,
    shards: of,
    units: total,
    ...settings,
  });
  const [left, right]: Readonly<Record<string, unknown>>[] = [facts(a), facts(b)];
  const names = [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])];
  return names.flatMap((name) => {
    const [one, other] = [JSON.stringify(left?.[name]), JSON.stringify(right?.[name])];
    return one === other ? [] : [`${name}: ${one ?? "none"} and ${other ?? "none"}`];
  });
}

/**
 * Refuses verdicts of machines whose speeds differ by more than `most` times, where some verdict hung on a time limit: a
 * program may be too slow on one of them only.
 * @throws FunprmError `input` that names the slow shards and what to do
 */
export function checkSpeeds(shards: readonly ShardClaim[], most: number): void {
  const known = shards.filter((shard) => shard.reference_ms !== null);
  const fastest = Math.min(...known.map(({ reference_ms }) => reference_ms ?? Number.POSITIVE_INFINITY));
  const slow = known.filter(
    (shard) => shard.time_limits > 0 && (speedRatio(shard.reference_ms ?? undefined, fastest) ?? 1) > most,
  );
  if (slow.length === 0) return;
  const named = slow.map(
    ({ shard, place, reference_ms, time_limits }) =>
      `  shard ${shard}, ${place}: ${((reference_ms ?? fastest) / fastest).toFixed(1)} times as slow, ${time_limits} programs over the time limit\n`,
  );
  throw new FunprmError(
    "input",
    `expected shards of machines that are at most ${most} times as fast as one another, got\n${named.join("")}` +
      "Run these shards again on a machine like the others, or say with --speed-ratio how much may be.",
  );
}
