import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { run } from "../../src/cli/commands/train.ts";
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

describe("the problems of a run", () => {
  const PROGRESS = '{"step": 10, "steps": 10, "loss": 0.5}';
  const train = async (script: string): Promise<number> => {
    await writeFile(python, `#!/bin/sh\n${script}\n`);
    await chmod(python, 0o755);
    const problems = join(folder, "given.jsonl");
    await writeFile(problems, '{"id": "p", "statement": "new"}\n');
    const flags = { python, problems, out: join(folder, "run"), quiet: true };
    return run({ args: [], flags, command: "train", signal: new AbortController().signal });
  };
  const kept = (): Promise<string> => readFile(join(folder, "run", "problems.jsonl"), "utf8");
  const leftovers = async (): Promise<string[]> =>
    (await readdir(tmpdir())).filter((name) =>
      name.startsWith(`funprm-train-problems.jsonl.${process.pid}@`),
    );

  test("stay those of the run that is there when training refuses the folder", async () => {
    await mkdir(join(folder, "run"));
    await writeFile(join(folder, "run", "problems.jsonl"), "earlier");
    await expect(train('echo "holds a run of other rewards" >&2; exit 1')).rejects.toThrow(/other rewards/);
    expect(await kept()).toBe("earlier");
    expect(await leftovers()).toEqual([]);
  });

  test("make no folder when training does not start", async () => {
    await expect(train("exit 1")).rejects.toThrow(/exit code 1/);
    expect(await readdir(folder)).not.toContain("run");
  });

  test("are kept once it trains, and were there for it to read", async () => {
    const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    try {
      const read = `while [ "$1" != --problems ]; do shift; done; grep -q new "$2" && echo '${PROGRESS}'`;
      expect(await train(read)).toBe(0);
    } finally {
      write.mockRestore();
    }
    expect(await kept()).toBe('{"id":"p","statement":"new"}\n');
    expect(await leftovers()).toEqual([]);
  });
});
