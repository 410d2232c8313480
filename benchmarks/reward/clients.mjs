// `funprm reward` under 64 clients, beside `funprm grade` on the same programs: programs a second, while one worker is
// killed and one client neither sends its body nor reads an answer. The examples' programs, several times, told apart.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MAIN } from "../door.mjs";
import { flag, table, writeResult } from "../grading/setup.mjs";

const clients = Number(flag("--clients", "64"));
const times = Number(flag("--times", "12"));
const batch = Number(flag("--batch", "8"));
const examples = fileURLToPath(new URL("../../examples/", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "funprm-reward-"));

/** Everything once a round, told apart by a comment; programs that need many seconds are left out. */
const problems = [];
const candidates = [];
for (const name of readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
  problems.push(JSON.parse(readFileSync(join(examples, name.name, "problem.json"), "utf8")));
  const lines = readFileSync(join(examples, name.name, "candidates.jsonl"), "utf8")
    .trim()
    .split("\n");
  candidates.push(...lines.map((line) => JSON.parse(line)));
}
const file = (name, rows) => {
  writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return join(folder, name);
};
const problemFile = file("problems.jsonl", problems);

async function grade(rows, more = []) {
  const out = join(folder, "graded.jsonl");
  rmSync(out, { force: true });
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [
      MAIN,
      "grade",
      file("candidates.jsonl", rows),
      "--problems",
      problemFile,
      "--out",
      out,
      "--quiet",
      ...more,
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  await once(child, "exit");
  const seconds = (performance.now() - started) / 1000;
  return {
    seconds,
    verdicts: readFileSync(out, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).verdict),
  };
}

const first = await grade(candidates, ["--timeout", "1"]);
const quick = candidates.filter((_, at) => first.verdicts[at] !== "time_limit");
const rows = Array.from({ length: times }, (_, round) =>
  quick.map((row, at) => ({
    ...row,
    sample_index: round * quick.length + at,
    code: `${row.code}# ${round}\n`,
  })),
).flat();
const graded = await grade(rows);

const server = spawn(
  process.execPath,
  [MAIN, "reward", "--problems", problemFile, "--port", "0", "--quiet"],
  { stdio: ["ignore", "pipe", "inherit"] },
);
const url = new URL(String((await once(server.stdout, "data"))[0]).trim());

/** Children of the server are its workers. */
const workers = () =>
  readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8").trim().split(" ").map(Number);

const verdicts = [];
let lost = 0;
let next = 0;
let killed = 0;
async function client() {
  while (next < rows.length) {
    const from = next;
    next += batch;
    const part = rows.slice(from, from + batch);
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ items: part.map((row) => ({ problem: row.problem_id, program: row.code })) }),
    });
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`);
    const { items } = await answer.json();
    items.forEach((item, at) => {
      verdicts[from + at] = item.verdict;
      if (item.passed === null && item.reward === 0) lost += 1;
    });
    if (killed === 0 && next > rows.length / 3) {
      [killed] = workers();
      process.kill(killed, "SIGKILL");
    }
  }
}
const slow = connect(Number(url.port), url.hostname);
slow.on("error", () => {});
slow.write(
  `POST ${url.pathname} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n{`,
);
const started = performance.now();
await Promise.all(Array.from({ length: clients }, client));
const seconds = (performance.now() - started) / 1000;
slow.destroy();
server.kill("SIGTERM");
await once(server, "exit");
rmSync(folder, { recursive: true });

const different = rows.filter((_, at) => verdicts[at] !== graded.verdicts[at]).length;
const missing = rows.filter((_, at) => verdicts[at] === undefined).length;
const rate = (time) => (rows.length / time).toFixed(1);
writeResult("reward-clients", `node benchmarks/reward/clients.mjs --clients ${clients} --times ${times}`, [
  `# \`funprm reward\` at ${clients} clients`,
  "",
  `${rows.length} programs of the examples in requests of ${batch}, every program different, those over their time limit ` +
    `left out. One worker was killed after a third, and one client never sent its body. \`grade\` ran first, on the same ` +
    `programs; its time holds the start of the process.`,
  "",
  ...table(
    ["", "programs", "seconds", "a second"],
    [
      ["grade", rows.length, graded.seconds.toFixed(1), rate(graded.seconds)],
      [`reward, ${clients} clients`, rows.length, seconds.toFixed(1), rate(seconds)],
    ],
  ),
  "",
  `Answers missing: ${missing}. Verdicts other than those of \`grade\`: ${different}. Unscorable: ` +
    `${verdicts.filter((verdict) => verdict === "infra_error").length}, of them with a reward of 0: ${lost}.`,
]);
