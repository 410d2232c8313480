// A bench over the 880 problems of livecodebench-v5 that is killed ten times at random, against an undisturbed one.
// node benchmarks/selectors/kills.mjs all|run [dist]: all programs scored, or fewer programs that run as well.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fitted } from "../fit-markdown.mjs";
import { livecodebench, writeDev } from "./pools.mjs";

const KILLS = 10;
const root = fileURLToPath(new URL("../../", import.meta.url));
const kept = join(root, ".funprm", "bench");
mkdirSync(kept, { recursive: true });
const [part = "", dist = "dist"] = process.argv.slice(2);
const main = join(root, dist, "main.js");
const tiny = join(root, "test", "fixtures", "prm-encoder-tiny");
const PARTS = {
  all: async () => ({
    title:
      "880 problems, 8,649 candidates: scored, every selector that needs no run, within samplers and pooled",
    pool: livecodebench(),
    args: ["--skip-execution", "--pooled"],
  }),
  run: async () => ({
    title: "the first 25 problems of dev, 250 candidates: scored, run for examples and agreement",
    pool: await writeDev(kept),
    args: "--limit 25 --select examples+agreement --selectors first,random,prm,agreement,oracle".split(" "),
  }),
};
if (!Object.hasOwn(PARTS, part)) throw new Error(`expected all or run; got "${part}"`);

const folder = mkdtempSync(join(tmpdir(), "funprm-kills-"));
try {
  const { title, pool, args } = await PARTS[part]();
  writeFileSync(join(kept, `kills-${part}.txt`), await compare(title, pool, args));
} finally {
  rmSync(folder, { recursive: true });
}
const rows = Object.keys(PARTS)
  .map((name) => join(kept, `kills-${name}.txt`))
  .filter((path) => existsSync(path))
  .map((path) => readFileSync(path, "utf8"));
const table = [
  "# A bench that is killed and resumed",
  "",
  "`node benchmarks/selectors/kills.mjs all` and `... run` after `npm run build` (needs the shared data); 2026-11-20, 2 cores, 24 GB, Node 20.20.",
  "",
  `Each bench runs undisturbed once; then in another folder, killed with SIGKILL ${KILLS} times at random moments and started again each time.`,
  "`results.json`, `problems.jsonl` and `report.html` of every view are compared byte by byte. The PRM is the tests' tiny one: what it says does",
  "not matter here. The column of kills shows how many problems had been scored and how many programs run by then.",
  "",
  "| bench | undisturbed | kills | files compared | same bytes |",
  "|---|---|---|---|---|",
  ...rows,
].join("\n");
writeFileSync(new URL("../results/bench-resume.md", import.meta.url), fitted(`${table}\n`));
process.stdout.write(`${table}\n`);

async function compare(title, { problems, candidates }, more) {
  const fixed = ["bench", "--pool", candidates, "--problems", problems, "--prm", tiny, "--quiet", ...more];
  const undisturbed = join(folder, "undisturbed");
  const killed = join(folder, "killed");
  const started = performance.now();
  await bench([...fixed, "--out", undisturbed]);
  const wholeMs = performance.now() - started;
  const at = [];
  while (at.length < KILLS) {
    const code = await bench([...fixed, "--out", killed], wholeMs * (0.03 + 0.15 * Math.random()));
    at.push(code === 0 ? "at the end" : rowsIn(killed));
  }
  await bench([...fixed, "--out", killed]);
  const files = readdirSync(undisturbed, { recursive: true, encoding: "utf8" }).filter((name) =>
    /(?:^|\/)(?:results\.json|problems\.jsonl|report\.html)$/.test(name),
  );
  const different = files.filter((name) => sum(join(undisturbed, name)) !== sum(join(killed, name)));
  const verdict = different.length === 0 ? "yes" : `NO: ${different.join(", ")}`;
  return `| ${title} | ${(wholeMs / 1000).toFixed(0)} s | ${at.join(", ")} | ${files.length} | ${verdict} |`;
}

/** Runs a bench; killed after `ms`. Gives its exit code, null for a killed one. */
async function bench(args, ms) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  const timer = ms === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), ms);
  const [code] = await once(child, "exit");
  clearTimeout(timer);
  if (code !== 0 && code !== null) throw new Error(`bench ended with ${code}`);
  return code;
}

function rowsIn(out) {
  return ["scores.jsonl", "evidence.jsonl"]
    .map((name) => join(out, name))
    .map((path) => (existsSync(path) ? readFileSync(path, "utf8").split("\n").length - 1 : 0))
    .join("+");
}

function sum(path) {
  return existsSync(path) ? createHash("sha256").update(readFileSync(path)).digest("hex") : "missing";
}
