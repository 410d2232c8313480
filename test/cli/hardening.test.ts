import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atTerminal } from "./at-terminal.ts";
import { EXAMPLE, funprm, jsonLines, MAIN, TINY_PRM } from "./run-cli.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-hardening-"));
  writeFileSync(
    join(folder, "problem.json"),
    JSON.stringify({ id: "p", statement: "Double n.", tests: [{ input: "4\n", output: "8\n" }] }),
  );
  const programs = Array.from({ length: 8 }, (_, at) => `print(${2 + (at % 2)} * int(input()))  # ${at}\n`);
  writeFileSync(
    join(folder, "pool.jsonl"),
    programs.map((code) => `${JSON.stringify({ problem_id: "p", code })}\n`).join(""),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PROBLEM = join(EXAMPLE, "problem.json");
const POOL = join(EXAMPLE, "candidates.jsonl");
const VERDICTS = Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? "pass" : "wrong_answer"));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Runs the command below a shell line, which gets it as "$@". */
async function under(line: string, args: readonly string[], cwd = folder): Promise<Ended> {
  const child = spawn("bash", ["-c", line, "-", process.execPath, MAIN, ...args], {
    cwd,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code, signal] = await once(child, "close");
  return { code, signal, stderr };
}

const verdictsIn = (path: string): unknown[] =>
  jsonLines(readFileSync(path, "utf8")).map(({ verdict }) => verdict);
const wholeRows = (path: string): string[] =>
  existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
const graded = (out: string): readonly string[] => [
  "grade",
  join(folder, "pool.jsonl"),
  "--problems",
  join(folder, "problem.json"),
  "--jobs",
  "1",
  "--out",
  out,
];

describe("grade goes on", () => {
  it.each([
    ["without stdin", 'exec "$@" <&-'],
    ["without stdout", 'exec "$@" >&-'],
    ["without stderr", 'exec "$@" 2>&-'],
    ["with a full disk as stderr", 'exec "$@" 2>/dev/full'],
    ["with a stderr that nobody reads any more", 'exec 2> >(:); wait $!; exec "$@"'],
  ])("%s", async (name, line) => {
    const out = join(folder, `${name.replaceAll(" ", "-")}.jsonl`);
    const { code } = await under(line, graded(out));
    expect(code).toBe(0);
    expect(verdictsIn(out)).toEqual(VERDICTS);
  });
});

it("a limit on file sizes is told, and what was written before it is kept for --resume", async () => {
  const out = join(folder, "limited.jsonl");
  const limited = await under('ulimit -S -f 1; exec "$@"', graded(out));
  expect(limited.stderr).toMatch(/limited\.jsonl: .*cannot be written/);
  expect(limited.stderr).not.toMatch(/defect|\n\s+at /);
  expect(limited.code).toBe(2);
  const before = wholeRows(out);
  const { code } = await under('exec "$@"', [...graded(out), "--resume"]);
  expect(code).toBe(0);
  expect(wholeRows(out).slice(0, before.length)).toEqual(before);
  expect(verdictsIn(out)).toEqual(VERDICTS);
});

it("a working directory that is gone is told", async () => {
  mkdirSync(join(folder, "gone"));
  const { code, stderr } = await under('rmdir "$PWD"; exec "$@"', ["split", POOL], join(folder, "gone"));
  expect(stderr).toMatch(/^funprm: the working directory is not there any more/m);
  expect(code).toBe(2);
});

it.each(["SIGKILL", "SIGHUP"] as const)(
  "%s leaves no unfinished file behind the next run",
  async (signal) => {
    const place = join(folder, signal);
    mkdirSync(place);
    const out = join(place, "graded.jsonl");
    const child = spawn(process.execPath, [MAIN, ...graded(out)], { cwd: place, stdio: "ignore" });
    const closed = once(child, "close");
    const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
    while (!isOver() && wholeRows(out).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill(signal);
    await closed;
    const before = wholeRows(out);
    const { code } = await under('exec "$@"', [...graded(out), "--resume"], place);
    expect(code).toBe(0);
    expect(wholeRows(out).slice(0, before.length)).toEqual(before);
    expect(verdictsIn(out)).toEqual(VERDICTS);
    expect(readdirSync(place).filter((name) => name !== ".funprm")).toEqual(["graded.jsonl"]);
  },
);

describe("a run that somebody else sent", () => {
  it.each(["results.json", "problems.jsonl"])("is refused with a named pipe as %s", async (name) => {
    const run = mkdtempSync(join(folder, "run-"));
    execFileSync("mkfifo", [join(run, name)]);
    const result = await funprm(["report", run]);
    expect(result.stderr).toMatch(new RegExp(`${name}: cannot be read: it is no regular file`));
    expect(result.code).toBe(2);
  });
});

describe("at a terminal", () => {
  const EVIL = "a\u001b[2J\u001b]0;owned\u0007\u009b31m\rGONE\u202e";
  const OBEYED = /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;
  const write = (name: string, value: object): string => {
    writeFileSync(join(folder, name), `${JSON.stringify(value)}\n`);
    return join(folder, name);
  };
  const program = (): string => {
    writeFileSync(join(folder, "evil.py"), `print(1)  # ${EVIL}\n`);
    return join(folder, "evil.py");
  };

  it.each<[string, () => readonly string[]]>([
    ["a program", () => ["score", program(), "--prm", TINY_PRM, "--explain"]],
    ["what is no candidate", () => ["grade", write("no.jsonl", { [EVIL]: 1 }), "--problems", PROBLEM]],
    [
      "a problem's id",
      () => [
        "rank",
        write("c.jsonl", { problem_id: EVIL, code: "" }),
        "--problems",
        write("p.jsonl", { id: EVIL, statement: "s" }),
        "--prm",
        TINY_PRM,
      ],
    ],
    ["a command", () => [EVIL]],
  ])("escapes in %s are shown, not obeyed", async (_, args) => {
    const shown = await atTerminal(args(), folder);
    expect(shown.replaceAll("\r\u001b[2K", "")).not.toMatch(OBEYED);
    expect(shown).toMatch(/\\x1b\[2J|\\u001b\[2J/);
  });

  it("are data in a file or a pipe", async () => {
    const { stdout } = await funprm(["score", program(), "--prm", TINY_PRM, "--explain"]);
    expect(stdout).toContain("a\u001b[2J\u001b]0;owned\u0007\u009b31m");
  });
});
