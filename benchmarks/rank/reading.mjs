// What reading candidates for faults costs `rank`: the same candidates with and without, in turn, in one run.
//   npm run build && node benchmarks/rank/reading.mjs [--candidates 768] [--rounds 2]        (CPU time, which a loaded machine changes little)
// Without: an empty PATH, where no interpreter is found. The first candidates of livecodebench-v5, its problems mixed.
import { spawn, spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createGunzip } from "node:zlib";
import { MAIN } from "../door.mjs";

const { values } = parseArgs({
  options: {
    candidates: { type: "string", default: "768" },
    rounds: { type: "string", default: "2" },
  },
});
const data = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "funprm-reading-"));
const pool = join(folder, "pool.jsonl");
const lines = [];
const all = createReadStream(`${data}/pools/livecodebench-v5.jsonl.gz`).pipe(createGunzip());
for await (const line of createInterface({ input: all })) {
  if (lines.length === Number(values.candidates)) break;
  lines.push(line);
}
writeFileSync(pool, lines.join("\n"));

/** CPU seconds of `rank` and of all that it starts, as bash counts them, and what it says of reading. */
async function rank(env) {
  const args = [
    process.execPath,
    MAIN,
    "rank",
    pool,
    "--problems",
    `${data}/problems/livecodebench-v5.jsonl.gz`,
  ];
  const script = "TIMEFORMAT='cpu %U %S'; time \"$@\"";
  const child = spawn("/bin/bash", ["-c", script, "rank", ...args], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let note = "";
  child.stderr.on("data", (text) => (note += text));
  await new Promise((resolve) => child.on("close", resolve));
  const [, user, system] = /^cpu ([\d.]+) ([\d.]+)$/m.exec(note) ?? [];
  if (!/ranked \d+ candidates/.test(note)) throw new Error(note);
  return { cpu: Number(user) + Number(system), said: /reading finds .*/.exec(note)?.[0] };
}

console.log(`load ${spawnSync("cat", ["/proc/loadavg"], { encoding: "utf8" }).stdout.trim()}`);
for (let round = 0; round < Number(values.rounds); round++) {
  const without = await rank({ ...process.env, PATH: folder });
  const withReading = await rank(process.env);
  const share = (100 * (withReading.cpu / without.cpu - 1)).toFixed(1);
  console.log(
    `${values.candidates} candidates: ${without.cpu.toFixed(1)} CPU s without, ${withReading.cpu.toFixed(1)} with (+${share} %); ${withReading.said}`,
  );
}
rmSync(folder, { recursive: true });
