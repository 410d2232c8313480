import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE, funprm, MAIN } from "./run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-bounds-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PRM = fileURLToPath(new URL("../fixtures/prm-encoder-tiny", import.meta.url));
const PROBLEM = join(EXAMPLE, "problem.json");

/** A gzip whose one line is of this many MiB. */
async function packedLine(name: string, mebibytes: number): Promise<string> {
  const packer = createGzip({ level: 1 });
  const chunks: Buffer[] = [];
  packer.on("data", (chunk: Buffer) => chunks.push(chunk));
  packer.write('{"problem_id": "p", "code": "');
  for (let i = 0; i < mebibytes; i += 1) {
    if (!packer.write(Buffer.alloc(2 ** 20, "x"))) await once(packer, "drain");
  }
  packer.end();
  await once(packer, "end");
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat(chunks));
  return path;
}

describe("a line that inflates without an end", () => {
  it.each([
    ["candidates", (path: string) => ["grade", path, "--problems", PROBLEM]],
    ["problems", (path: string) => ["grade", join(EXAMPLE, "candidates.jsonl"), "--problems", path]],
  ])("ends a command with file and line, as %s", async (name, args) => {
    const result = await funprm(args(await packedLine(`${name}.gz`, 300)));
    expect(result.stderr).toMatch(new RegExp(`${name}\\.gz:1: expected a record of at most \\d+ bytes`));
    expect(result.stderr).not.toMatch(/\n\s+at |node:internal|defect/);
    expect(result.code).toBe(2);
  });
});

describe("named pipes", () => {
  it.each([
    ["--prompt", ["sample", PROBLEM, "--model", "m", "--base-url", "http://127.0.0.1:9/v1", "--prompt"]],
    ["--problems", ["rank", join(EXAMPLE, "candidates.jsonl"), "--problems"]],
  ])("end a command as %s", async (name, args) => {
    const path = join(folder, `pipe${name}`);
    execFileSync("mkfifo", [path]);
    const result = await funprm([...args, path]);
    expect(result.stderr).toMatch(/regular file/);
    expect(result.code).toBe(2);
  });

  it.each([
    ["rank", ["rank", join(EXAMPLE, "candidates.jsonl"), "--problem", PROBLEM, "--prm", PRM]],
    ["grade", ["grade", join(EXAMPLE, "candidates.jsonl"), "--problem", PROBLEM]],
    ["split", ["split", "--jsonl", join(EXAMPLE, "candidates.jsonl")]],
  ])("are not written to by %s", async (name, args) => {
    const path = join(folder, `out-${name}`);
    execFileSync("mkfifo", [path]);
    const result = await funprm([...args, "--out", path]);
    expect(result.stderr).toMatch(/expected a file to write to, got a named pipe/);
    expect(result.code).toBe(2);
  });

  it("are written to where the shell opened them", () => {
    const program = "printf 'def f():\\n    return 1\\n'";
    const command = `${program} | "$0" "$1" split - --out >(cat); wait $!`;
    const stdout = execFileSync("bash", ["-c", command, process.execPath, MAIN], { encoding: "utf8" });
    expect(stdout).toContain('"name":"f"');
  });

  it("are read where the shell opened them", () => {
    const command = `"$0" "$1" split <(printf 'def f():\\n    return 1\\n')`;
    const stdout = execFileSync("bash", ["-c", command, process.execPath, MAIN], { encoding: "utf8" });
    expect(stdout).toContain('"name":"f"');
  });
});

describe("one signal", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("%s ends a command that waits for input", async (signal) => {
    const child = spawn(process.execPath, [MAIN, "split", "-", "--jsonl"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    child.stdin.write('{"problem_id": "p", "code": "print(1)"}\n{"problem_id"');
    await once(child.stdout, "data");
    const closed = once(child, "close");
    child.kill(signal);
    expect(await closed).toEqual([130, null]);
  });
});

describe("grade --resume where a sample index comes twice", () => {
  const row = (code: string): string =>
    `${JSON.stringify({ problem_id: "examples/interval-merge", sample_index: 0, code })}\n`;

  it("grades both, says so, and refuses to go on when the two changed places", async () => {
    const pool = join(folder, "twice.jsonl");
    const out = join(folder, "graded.jsonl");
    const args = ["grade", pool, "--problems", PROBLEM, "--out", out];
    writeFileSync(pool, row("print(1)\n") + row("print(2)\n"));
    const first = await funprm(args);
    expect(first.stderr).toMatch(/twice\.jsonl:2: .*has sample 0 already/);
    expect((await funprm([...args, "--resume"])).code).toBe(0);
    writeFileSync(pool, row("print(2)\n") + row("print(1)\n"));
    const changed = await funprm([...args, "--resume"]);
    expect(changed.stderr).toMatch(/another program or model under that name/);
    expect(changed.code).toBe(2);
  });
});
