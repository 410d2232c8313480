// Time of `funprm --version` and `funprm --help` against `node -e 0`, alternating in one run.
//   npm run build && node benchmarks/startup/run.mjs
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fitted } from "../fit-markdown.mjs";
import { MAIN } from "../door.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const commands = {
  "node -e 0": ["-e", "0"],
  "funprm --version": [MAIN, "--version"],
  "funprm --help": [MAIN, "--help"],
};
const ROUNDS = 40;
const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
for (let round = -3; round < ROUNDS; round += 1) {
  for (const [name, args] of Object.entries(commands)) {
    const started = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: "ignore" });
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
    if (round >= 0) times[name].push(performance.now() - started);
  }
}
const quantile = (values, q) => values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))];
const ratios = (name) => times[name].map((time, i) => time / times["node -e 0"][i]);
const rows = Object.keys(commands).map((name) => {
  const ms = [0.25, 0.5, 0.75].map((q) => quantile(times[name], q).toFixed(0));
  const ratio = [0.25, 0.5, 0.75].map((q) => quantile(ratios(name), q).toFixed(2));
  return `| ${name} | ${ms[1]} (${ms[0]} to ${ms[2]}) | ${ratio[1]} (${ratio[0]} to ${ratio[2]}) |`;
});
const report = `# Start-up

\`npm run build && node benchmarks/startup/run.mjs\`: ${ROUNDS} rounds, the commands in turn; median and quartiles. The ratio is taken round by
round. 2026-11-20, 2 cores, Node ${process.versions.node}.

| command | ms | ratio to node -e 0 |
|---|---|---|
${rows.join("\n")}
`;
writeFileSync(`${root}benchmarks/results/startup.md`, fitted(report));
process.stdout.write(report);
