// Every candidate of the pools in ../shared/data/pools as {id, code}.
import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";

const POOLS = new URL("../../../shared/data/pools/", import.meta.url);

export const POOL_NAMES = [
  "livecodebench-v5",
  "codeforces-hard",
  "classic",
  "classeval-70-raw",
  "humaneval-codegen16b-x100",
];

export function poolsAreThere() {
  return existsSync(POOLS);
}

export async function* candidates(pool) {
  const file = createReadStream(new URL(`${pool}.jsonl.gz`, POOLS)).pipe(createGunzip());
  let row = 0;
  for await (const line of createInterface({ input: file })) {
    const record = JSON.parse(line);
    for (const code of programs(pool, record)) yield { id: `${pool}:${row++}`, code };
  }
}

function programs(pool, record) {
  if (pool === "humaneval-codegen16b-x100") return record.samples.map((sample) => record.prompt + sample);
  return [pool === "classeval-70-raw" ? longestFence(record.code) : record.code];
}

/** The program of a raw reply, roughly: extraction itself is measured elsewhere. */
function longestFence(reply) {
  const blocks = [...reply.matchAll(/```[^\n]*\n(.*?)(?:```|$)/gs)].map(([, block]) => block);
  return blocks.length === 0 ? reply : blocks.reduce((a, b) => (b.length > a.length ? b : a));
}
