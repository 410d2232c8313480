// Verdicts against the recorded ones of livecodebench-v5, for the LeetCode problems whose tests are at hand.
import { dataFile, flag, progress, table, writeResult } from "./setup.mjs";
import { open } from "../door.mjs";

const { readCandidates, slugOf, withSuiteTests, readProblems, gradeCandidates, openSandbox } = await open(
  "readCandidates",
  "slugOf",
  "withSuiteTests",
  "readProblems",
  "gradeCandidates",
  "openSandbox",
);

const suite = new Map();
for await (const problem of readProblems(dataFile("tests/leetcode-for-livecodebench.jsonl.gz")))
  suite.set(problem.title, problem);
const problems = new Map();
for await (const problem of readProblems(dataFile("problems/livecodebench-v5.jsonl.gz"))) {
  const tests = suite.get(slugOf(problem.title ?? ""));
  if (tests !== undefined) problems.set(problem.id, withSuiteTests(problem, tests));
}

const seen = new Map();
async function* candidates() {
  for await (const candidate of readCandidates([dataFile("pools/livecodebench-v5.jsonl.gz")])) {
    if (!problems.has(candidate.problemId)) continue;
    yield candidate;
  }
}

const sandbox = await openSandbox({ python: flag("--python", "python3") });
const counts = {
  "both pass": 0,
  "both fail": 0,
  "we fail, recorded pass": 0,
  "we pass, recorded fail": 0,
  infra_error: 0,
};
const differences = [];
const causes = new Map();
const options = { stopAtFirstFailure: true, onGraded: progress("livecodebench") };
const started = performance.now();
let total = 0;
for await (const graded of gradeCandidates(candidates(), async (id) => problems.get(id), sandbox, options)) {
  total += 1;
  const { candidate, verdict, failedTest } = graded;
  seen.set(candidate.problemId, (seen.get(candidate.problemId) ?? 0) + 1);
  const passed = verdict === "pass";
  if (verdict === "infra_error") counts["infra_error"] += 1;
  else if (passed === candidate.passed) counts[passed ? "both pass" : "both fail"] += 1;
  else counts[passed ? "we pass, recorded fail" : "we fail, recorded pass"] += 1;
  if (passed === candidate.passed && verdict !== "infra_error") continue;
  const message = failedTest?.message ?? (failedTest === undefined ? "" : "other answer");
  const cause = passed
    ? "pass, recorded as failing"
    : `${verdict}: ${message.replaceAll(/\d+ ms/g, "N ms").slice(0, 70)}`;
  causes.set(cause, (causes.get(cause) ?? 0) + 1);
  differences.push([candidate.problemId, candidate.model, candidate.sampleIndex, verdict]);
}
const seconds = (performance.now() - started) / 1000;
await sandbox.close();
const same = counts["both pass"] + counts["both fail"];
const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ");
writeResult("grading-livecodebench", "node benchmarks/grading/livecodebench.mjs", [
  "# Verdicts against the recorded ones of livecodebench-v5",
  "",
  `${sandbox.identity}. ${total} candidates of ${seen.size} LeetCode problems (${problems.size} with tests), ${seconds.toFixed(0)} s. ` +
    `Equal: ${same} of ${total}, ${((100 * same) / total).toFixed(2)} %.`,
  "",
  ...table(["outcome", "candidates"], Object.entries(counts)),
  "",
  "## Differences by cause",
  "",
  ...table(
    ["cause", "candidates"],
    [...causes].sort((a, b) => b[1] - a[1]).map(([cause, count]) => [cell(cause), count]),
  ),
  "",
  "## Every difference",
  "",
  ...table(
    ["problem", "model", "sample", "verdict"],
    differences.map((row) => row.map(cell)),
  ),
]);
