// What sampling in rounds saves against fixed N, from what gather.mjs wrote; nothing runs.
// Run: node benchmarks/rounds/report.mjs rounds.jsonl NAME > benchmarks/results/rounds-NAME.md
import { readFileSync } from "node:fs";
import { open } from "../door.mjs";
import { fitted } from "../fit-markdown.mjs";

const { nextRound, bootstrapMeans, percentileInterval } = await open(
  "nextRound",
  "bootstrapMeans",
  "percentileInterval",
);
const [file, name] = process.argv.slice(2);
const groups = readFileSync(file, "utf8")
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const mean = (all) => all.reduce((sum, value) => sum + value, 0) / all.length;

/** The round after which solve would stop. */
function stopped({ rounds }, plan) {
  const least = rounds[0].n;
  for (const round of rounds) {
    const { n, confidence, nonePasses } = round;
    const sure = confidence === undefined ? {} : { sure: { confidence, nonePasses } };
    if ("stop" in nextRound({ samples: n, ...sure }, { least, most: rounds.at(-1).n, ...plan })) return round;
  }
  return rounds.at(-1);
}

/** The round at a number of samples: what fixed N would choose. */
const fixedAt = ({ rounds }, n) => rounds.find((round) => round.n >= n) ?? rounds.at(-1);

function told(values, unit = percent) {
  const { low, high } = interval(values);
  return `${unit(mean(values))} [${unit(low)}, ${unit(high)}]`;
}

function interval(values) {
  const [means] = bootstrapMeans([values]);
  return percentileInterval(means);
}

const percent = (share) => (100 * share).toFixed(1);
const plain = (value) => value.toFixed(2);
const most = Math.max(...groups.map(({ candidates }) => candidates));
const fixed = (n) => groups.map((group) => fixedAt(group, n));
const full = fixed(most);

/** A row: how often it is right, what it spends, and both against all samples. */
function row(label, ends) {
  const right = ends.map((end) => Number(end.right));
  const spent = ends.map(({ n }) => n);
  const difference = ends.map((end, i) => Number(end.right) - Number(full[i].right));
  const share = ends.map(({ n }, i) => n / full[i].n);
  const gained = difference.filter((value) => value > 0).length;
  const lost = difference.filter((value) => value < 0).length;
  const saved = told(share.map((value) => 1 - value));
  return `| ${label} | ${percent(mean(right))} | ${told(difference)} | ${gained}/${lost} | ${told(spent, plain)} | ${saved} |`;
}

const PLANS = [0.8, 0.85, 0.9, 0.95].flatMap((stopAt) =>
  [0, 0.002, 0.005, 0.01, 0.02].map((minGain) => ({ stopAt, minGain })),
);
const steps = groups.reduce((longest, { rounds }) => (rounds.length > longest.length ? rounds : longest), []);
const oracle = full.map((end) => Number(end.oracle));
const lines = [
  `# Samples that rounds save: ${name}`,
  "",
  `\`node benchmarks/rounds/report.mjs ${name}.jsonl ${name}\`, from what \`benchmarks/rounds/gather.mjs\` saw: ` +
    `${groups.length} problems, recorded samples, ${steps[0].n} a round, ${most} at most. "Right": the program that solve ` +
    "would print passes the hidden tests, in percent. Differences are paired with all samples of the same problem; 95 % " +
    "intervals by bootstrap over problems. Gained/lost: problems. Saved: share of the samples, mean over problems, in " +
    `percent. Some sample is right in ${percent(mean(oracle))}.`,
  "",
  "| way | right | less all samples | gained/lost | samples | saved |",
  "|---|---|---|---|---|---|",
  ...steps
    .filter(({ n }, i) => i < 4 || n === most || Number.isInteger(Math.log2(n)))
    .map(({ n }) => row(`fixed ${n}`, fixed(n))),
  ...PLANS.map((plan) =>
    row(
      `rounds, ${plan.stopAt}, ${plan.minGain}${plan.stopAt === 0.9 && plan.minGain === 0.002 ? " (default)" : ""}`,
      groups.map((group) => stopped(group, plan)),
    ),
  ),
  "",
  "Rounds: `--stop-at`, then `--min-gain`.",
  "",
  "## How sure, how right",
  "",
  "After every round of every problem:",
  "",
  "| confidence | looks | right |",
  "|---|---|---|",
  ...[0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 1.01].slice(0, -1).map((low, i, bounds) => {
    const high = bounds[i + 1] ?? 1.01;
    const looks = groups
      .flatMap(({ rounds }) => rounds)
      .filter(({ confidence }) => confidence !== undefined && low <= confidence && confidence < high);
    const right = looks.length === 0 ? "" : percent(mean(looks.map((look) => Number(look.right))));
    return `| ${low} to ${Math.min(1, high)} | ${looks.length} | ${right} |`;
  }),
];
process.stdout.write(fitted(`${lines.join("\n")}\n`));
