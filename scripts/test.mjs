// The README's test command: set-up, types, lint, format, build, tests; ends with "N passed, N failed".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const results = join(mkdtempSync(join(tmpdir(), "funprm-test-")), "results.json");

run("node", ["scripts/setup-sandbox.mjs"]);
run("node", ["scripts/setup-browser.mjs"]);
run("npm", ["run", "--silent", "check"]);
run("npm", ["run", "--silent", "build"]);
const vitest = ["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
const { status } = spawnSync("npx", vitest, { cwd: root, stdio: "inherit" });
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(results, "utf8"));
rmSync(join(results, ".."), { recursive: true });
// A file that fails to load counts no test; it is a failure all the same.
const brokenFiles = testResults.filter(
  (file) => file.status === "failed" && file.assertionResults.length === 0,
);
for (const { assertionResults } of testResults) {
  for (const { status, fullName } of assertionResults) {
    if (status === "failed") console.log(`failed: ${fullName}`);
  }
}
for (const { name } of brokenFiles) console.log(`failed to load: ${name}`);
console.log(`${numPassedTests} passed, ${numFailedTests + brokenFiles.length} failed`);
process.exit(status ?? 1);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
