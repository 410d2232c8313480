// How often a client gets a right program from `funprm serve` over a recorded pool, with N samples and with one.
//   npm run build && node benchmarks/serve/share.mjs examples node,python,curl 8
//   npm run build && node benchmarks/serve/share.mjs livecodebench node 5
// What is right is the recorded verdict of the program that came.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { open } from "../door.mjs";
import { fitted } from "../fit-markdown.mjs";
import { jsonLines, sharedFile } from "../selectors/pools.mjs";
import { curl, node, python } from "./clients.mjs";
import { serveReplayed } from "./processes.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const [name = "examples", names = "node", count = "8"] = process.argv.slice(2);
const N = Number(count);
const PROBLEMS = 50;
const CLIENTS = new Map(Object.entries({ node, python, curl }));

/** The eight problems of this repository. */
function examples() {
  const folders = readdirSync(`${root}examples`, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return folders.map(({ name: folder }) => {
    const path = `${root}examples/${folder}/`;
    const lines = readFileSync(`${path}candidates.jsonl`, "utf8").trim().split("\n");
    const problem = JSON.parse(readFileSync(`${path}problem.json`, "utf8"));
    return { problem, candidates: lines.map((line) => JSON.parse(line)) };
  });
}

/** Fifty training problems with at least N candidates, drawn with a seed; of each the first N, in a drawn order. */
async function livecodebench() {
  const { seededRandom } = await open("seededRandom");
  const random = seededRandom(1);
  const drawn = (items) =>
    items
      .map((item) => [random.next(), item])
      .toSorted(([a], [b]) => a - b)
      .map(([, item]) => item);
  const pools = new Map();
  for await (const row of jsonLines(sharedFile("problems/livecodebench-v5.jsonl.gz")))
    if (row.split === "train") pools.set(row.id, { problem: row, candidates: [] });
  for await (const row of jsonLines(sharedFile("pools/livecodebench-v5.jsonl.gz")))
    pools.get(row.problem_id)?.candidates.push(row);
  const enough = [...pools.values()].filter(({ candidates }) => candidates.length >= N);
  return drawn(enough)
    .slice(0, PROBLEMS)
    .map(({ problem, candidates }) => ({
      problem,
      candidates: drawn(candidates)
        .slice(0, N)
        .map((row, index) => ({ ...row, sample_index: index })),
    }));
}

const pools = await { examples, livecodebench }[name]();
const folder = mkdtempSync(join(tmpdir(), "funprm-serve-"));
const write = (file, rows) => {
  writeFileSync(join(folder, file), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return join(folder, file);
};
const running = await serveReplayed({
  problems: write(
    "problems.jsonl",
    pools.map(({ problem }) => problem),
  ),
  candidates: write(
    "candidates.jsonl",
    pools.flatMap(({ candidates }) => candidates),
  ),
});
const { extractCode } = await open("extractCode");

function messagesOf({ statement, starter_code: starter }) {
  const given = starter ? `\n\n\`\`\`python\n${starter}\n\`\`\`\n` : "";
  return [{ role: "user", content: `Solve this problem in Python.\n\n${statement}${given}` }];
}

/** The recorded verdict of the program in a reply. */
function isRight(text, candidates) {
  const code = extractCode(text).code.trim();
  const found = candidates.find((candidate) => candidate.code.trim() === code);
  return found === undefined ? undefined : found.passed;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const rows = [];
const wrong = [];
for (const client of names.split(",")) {
  const asking = CLIENTS.get(client)(running.url);
  const single = [];
  const chosen = [];
  const seconds = [];
  let unknown = 0;
  // One sample first: the replay server gives a problem's samples in their order.
  for (const { problem, candidates } of client === names.split(",")[0] ? pools : []) {
    const { text, funprm } = await asking.ask(messagesOf(problem), { "x-funprm-n": "1" });
    if (funprm !== undefined) throw new Error("one sample is no choice");
    single.push(isRight(text, candidates) ?? false);
  }
  for (const { problem, candidates } of pools) {
    const start = performance.now();
    const { text, funprm } = await asking.ask(messagesOf(problem), { "x-funprm-n": String(N) });
    seconds.push((performance.now() - start) / 1000);
    const right = isRight(text, candidates);
    if (right === undefined || funprm === undefined) unknown += 1;
    if (right !== true) wrong.push(`${client}: ${problem.id}, ${funprm?.decided_by ?? "passed through"}`);
    chosen.push(right ?? false);
    console.error(client, problem.id, right, JSON.stringify(funprm), seconds.at(-1).toFixed(1));
  }
  asking.close();
  const cells = [
    single.length === 0 ? "" : percent(mean(single)),
    percent(mean(chosen)),
    unknown,
    seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)].toFixed(1),
  ];
  rows.push(`| ${client} | ${cells.join(" | ")} |`);
}
await running.stop();
rmSync(folder, { recursive: true });
const random = mean(
  pools.map(({ candidates }) => mean(candidates.slice(0, N).map(({ passed }) => Number(passed)))),
);
const oracle = mean(
  pools.map(({ candidates }) => Number(candidates.slice(0, N).some(({ passed }) => passed))),
);
const report = `# Right programs for a client of serve: ${name}

\`npm run build && node benchmarks/serve/share.mjs ${name} ${names} ${N}\`: ${pools.length} problems, ${N} recorded samples
each, replayed as an LLM behind \`funprm serve\`. Each client is told the base URL and nothing else. A random sample is
right in ${percent(random)}, some sample in ${percent(oracle)}. "Not chosen" counts answers that passed through or whose
program is not in the pool. Seconds: median of an answer on a machine with other work.

| client | first sample | best of ${N} | not chosen | seconds |
|---|---|---|---|---|
${rows.join("\n")}
`;
writeFileSync(`${root}benchmarks/results/serve-${name}.md`, fitted(report));
process.stdout.write(`${report}\n${wrong.join("\n")}\n`);
