import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COMMANDS } from "../../src/cli/catalog.ts";
import { readOptions } from "../../src/settings/options.ts";
import { createReporter } from "../../src/console/reporter.ts";
import { runTraining } from "../../src/cli/training-process.ts";

let folder: string;
let python: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-training-"));
  python = join(folder, "python");
});
afterEach(async () => rm(folder, { recursive: true }));

async function train(script: string, signal = new AbortController().signal): Promise<void> {
  await writeFile(python, `#!/bin/sh\n${script}\n`);
  await chmod(python, 0o755);
  const options = readOptions({ args: [], flags: { python, quiet: true }, command: "train", signal }, folder);
  await runTraining("module", [], { options, report: createReporter(true), signal, onLine: () => {} });
}

test("a module that fails is an error with its last words, and sees no module of the working directory", async () => {
  await expect(train('echo "safe path: $PYTHONSAFEPATH" >&2; exit 3')).rejects.toMatchObject({
    code: "model",
    message: "module ended with exit code 3: safe path: 1",
  });
});

test("a run that was stopped before it started does not start", async () => {
  await expect(train(`touch ${folder}/ran`, AbortSignal.abort())).rejects.toThrow("aborted");
  expect(await readdir(folder)).toEqual(["python"]);
});

test.each(["none", "any", "weights", "table", "pairs"])(
  "--correction %s is taken, and help says what it does",
  (kind) => {
    const flags = { correction: kind };
    const { signal } = new AbortController();
    expect(readOptions({ args: [], flags, command: "train", signal }, folder).correction).toBe(kind);
    const lines = COMMANDS.find(({ name }) => name === "train")?.notes ?? [];
    expect(lines.filter((line) => line.startsWith(`  ${kind} `))).toHaveLength(1);
  },
);
