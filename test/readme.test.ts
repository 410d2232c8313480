import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { funprm } from "./cli/run-cli.ts";
import { ROOT } from "./package/npm.ts";

const readme = await readFile(join(ROOT, "README.md"), "utf8");

test("the README is read in a minute: at most 120 lines", () => {
  expect(readme.split("\n").length).toBeLessThanOrEqual(121);
});

test("its demo answers as it says, and the hidden tests pass", async () => {
  const folder = await mkdtemp(join(tmpdir(), "funprm-readme-"));
  try {
    const [, demo = ""] = /## A minute without a key[^]*?```\n([^]*?)```/.exec(readme) ?? [];
    const lines = demo.replaceAll("\\\n", "").split("\n");
    const commands = lines.filter((line) => line.startsWith("$ npx funprm "));
    const printed = lines.find((line) => line.startsWith("examples/"));
    expect(commands.map((command) => command.split(" ")[3])).toEqual(["solve", "grade"]);
    const answer = join(folder, "answer.py");
    const [solved, graded] = commands.map((command) =>
      command
        .replace(/ > \S+$/, "")
        .split(/\s+/)
        .slice(3)
        .map((word) => (word === "answer.py" ? answer : word)),
    );
    const solving = await funprm([...(solved ?? []), "--out", answer], { cwd: ROOT });
    expect(solving.code).toBe(0);
    expect(solving.stderr.split("\n")[0]).toBe(printed);
    const grading = await funprm(graded ?? [], { cwd: ROOT });
    expect(JSON.parse(grading.stdout)).toMatchObject({ passed: true, passed_tests: 16, total_tests: 16 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
