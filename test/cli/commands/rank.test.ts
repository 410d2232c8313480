import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE, funprm, FunprmHost, jsonLines, MAIN, TINY_PRM } from "../run-cli.ts";

const PROBLEM = join(EXAMPLE, "problem.json");
const POOL = join(EXAMPLE, "candidates.jsonl");

const host = new FunprmHost();
let directory: string;
let problems: string;
let mixed: string;
let grouped: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "funprm-rank-"));
  problems = join(directory, "problems.jsonl");
  writeFileSync(
    problems,
    ["a", "b"].map((id) => `${JSON.stringify({ id, statement: `Print ${id}.` })}\n`).join(""),
  );
  const line = (problem: string, i: number): string =>
    JSON.stringify({
      problem_id: problem,
      sample_index: i,
      code: `def f():\n    return ${i % 2}\n\n\nprint(f())\n`,
      model: "m",
    });
  mixed = join(directory, "mixed.jsonl");
  writeFileSync(mixed, ["a", "b", "a", "b", "a"].map((id, i) => line(id, i)).join("\n"));
  grouped = join(directory, "grouped.jsonl");
  writeFileSync(grouped, ["a", "a", "a", "b", "b"].map((id, i) => line(id, i)).join("\n"));
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});

describe("rank", () => {
  it("reads stdin and gives one complete row a candidate, best first", async () => {
    const result = await funprm(["rank", "--problem", PROBLEM, "--prm", TINY_PRM], {
      input: readFileSync(POOL),
    });
    expect(result.code).toBe(0);
    const rows = jsonLines(result.stdout);
    expect(rows.map((row) => row["rank"])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(rows.map((row) => row["selected"])).toEqual([true, ...Array.from({ length: 7 }, () => false)]);
    expect(rows.map((row) => row["sample_index"]).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const rewards = rows.map((row) => Number(row["reward"]));
    expect(rewards).toEqual(rewards.toSorted((x, y) => y - x));
    expect(Object.keys(rows[0] ?? {})).toEqual(
      expect.arrayContaining(["problem_id", "steps", "duplicate_of", "truncated_tokens", "warnings", "by"]),
    );
    const [step] = Array.isArray(rows[0]?.["steps"]) ? rows[0]["steps"] : [];
    expect(Object.keys(step)).toEqual(["index", "kind", "name", "start_line", "end_line", "reward"]);
  });

  it("does not care for labels, names or ids", async () => {
    const rewards = async (input: string): Promise<unknown[]> => {
      const { stdout } = await funprm(["rank", "--problem", PROBLEM, "--prm", TINY_PRM], { input });
      const rows = jsonLines(stdout).toSorted(
        (x, y) => Number(x["sample_index"]) - Number(y["sample_index"]),
      );
      return rows.map((row) => row["reward"]);
    };
    const lines = jsonLines(readFileSync(POOL, "utf8"));
    const disguised = lines.map((row) => ({
      ...row,
      passed: row["passed"] !== true,
      model: "o9",
      why: "best of all",
    }));
    const text = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join("\n");
    expect(await rewards(text(disguised))).toEqual(await rewards(text(lines)));
  });

  it("takes candidates of several problems in any order, and names duplicates", async () => {
    const result = await host.run(["rank", mixed, "--problems", problems, "--prm", TINY_PRM]);
    expect(result.code).toBe(0);
    const rows = jsonLines(result.stdout);
    expect(rows.map((row) => row["problem_id"])).toEqual(["a", "a", "a", "b", "b"]);
    expect(rows.filter((row) => row["problem_id"] === "a" && row["duplicate_of"] === 0).length).toBe(2);
    expect(rows.filter((row) => row["problem_id"] === "b" && row["duplicate_of"] === 1).length).toBe(1);
  });

  it("--grouped prints a problem while the next one is still coming in, and refuses an input that is not", async () => {
    const child = spawn(
      process.execPath,
      [MAIN, "rank", "--grouped", "--problems", problems, "--prm", TINY_PRM],
      {
        stdio: ["pipe", "pipe", "ignore"],
      },
    );
    const [first = "", ...rest] = readFileSync(grouped, "utf8").split(/(?<="b".*\n)/);
    child.stdin.write(`${first}\n`);
    const early = await new Promise<string>((resolve) =>
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString())),
    );
    expect(early).toContain('"problem_id":"a"');
    child.stdin.end(rest.join(""));
    await new Promise((resolve) => child.on("close", resolve));
    expect(child.exitCode).toBe(0);
    const refused = await host.run(["rank", mixed, "--grouped", "--problems", problems, "--prm", TINY_PRM]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/not grouped; leave out --grouped/);
  });

  it("--grouped knows a problem again by another spelling of its id", async () => {
    const suite = join(directory, "suite.jsonl");
    const tasks = ["Suite/1", "Suite/2"].map((id) => JSON.stringify({ id, suite: "suite", statement: id }));
    writeFileSync(suite, tasks.join("\n"));
    const input = ["Suite/1", "Suite/2", "suite/1"]
      .map((id) => `${JSON.stringify({ problem_id: id, code: "print(1)" })}\n`)
      .join("");
    const args = ["rank", "--grouped", "--problems", suite, "--prm", TINY_PRM];
    const refused = await funprm(args, { input });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/not grouped/);
  });

  it("--best prints the program and nothing else", async () => {
    const result = await host.run(["rank", POOL, "--problem", PROBLEM, "--prm", TINY_PRM, "--best"]);
    const [best] = jsonLines(
      (await host.run(["rank", POOL, "--problem", PROBLEM, "--prm", TINY_PRM])).stdout,
    );
    const codes = jsonLines(readFileSync(POOL, "utf8"));
    expect(result.stdout).toBe(codes.find((row) => row["sample_index"] === best?.["sample_index"])?.["code"]);
  });

  describe("faults that reading shows", () => {
    const programs = {
      sound: "def f():\n    return 1\n\n\nprint(f())\n",
      undefinedName: "def f():\n    return missing\n\n\nprint(f())\n",
      broken: "def f(:\n    return 1\n",
      running: "open('was-run', 'w').write('yes')\nwhile True:\n    pass\n",
    };
    const lines = Object.values(programs).map((code, i) =>
      JSON.stringify({ problem_id: "a", sample_index: i, code }),
    );
    const args = ["rank", "--problems"];

    it("are warnings and a number in each row, and a summary on stderr; no program runs", async () => {
      const pool = join(directory, "faulty.jsonl");
      writeFileSync(pool, lines.join("\n"));
      const result = await host.run([...args, problems, pool, "--prm", TINY_PRM]);
      expect(result.code).toBe(0);
      const rows = jsonLines(result.stdout).toSorted(
        (x, y) => Number(x["sample_index"]) - Number(y["sample_index"]),
      );
      expect(rows.map((row) => row["soundness"])).toEqual([0, -1, Number.MIN_SAFE_INTEGER, 0]);
      expect(rows.map((row) => row["warnings"])).toEqual([
        [],
        ["line 2, f: missing is not defined"],
        ["does not parse or is cut off", expect.stringMatching(/^does not compile: line 1: /)],
        [],
      ]);
      expect(result.stderr).toMatch(
        /reading finds something wrong in 2 of 4 programs: undefined 1, syntax 1/,
      );
    });

    it("--select soundness+prm puts them last, and --best keeps to it", async () => {
      const pool = join(directory, "faulty.jsonl");
      for (const order of [lines, lines.toReversed()]) {
        writeFileSync(pool, order.join("\n"));
        const command = [...args, problems, pool, "--prm", TINY_PRM, "--select", "soundness+prm"];
        const rows = jsonLines((await host.run(command)).stdout);
        expect(rows.map((row) => row["sample_index"]).slice(2)).toEqual([1, 2]);
        const [best] = rows;
        const { stdout } = await host.run([...command, "--best"]);
        expect(stdout).toBe(Object.values(programs)[Number(best?.["sample_index"])]);
      }
    });

    it("any other order is refused; funprm.toml's is solve's", async () => {
      const refused = await host.run([...args, problems, mixed, "--prm", TINY_PRM, "--select", "auto"]);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toMatch(
        /rank runs no program: expected --select prm or soundness\+prm, got "auto"/,
      );
      writeFileSync(join(directory, "funprm.toml"), 'select = "auto"\n');
      const result = await host.run([...args, problems, mixed, "--prm", TINY_PRM], { cwd: directory });
      rmSync(join(directory, "funprm.toml"));
      expect(result.code).toBe(0);
    });

    it("where nothing can be read it says so and ranks; a named interpreter must be there", async () => {
      const env = { PATH: join(directory, "nowhere") };
      const result = await funprm([...args, problems, mixed, "--prm", TINY_PRM], { env });
      expect(result.code).toBe(0);
      expect(result.stderr).toMatch(/programs are not read for faults: /);
      expect(jsonLines(result.stdout).every((row) => row["soundness"] === undefined)).toBe(true);
      const named = await host.run([
        ...args,
        problems,
        mixed,
        "--prm",
        TINY_PRM,
        "--python",
        "no-such-python",
      ]);
      expect(named.code).toBe(2);
    });
  });

  it("a reader that has seen enough is no error", async () => {
    const shell = spawn(
      "sh",
      [
        "-c",
        `"${process.execPath}" "${MAIN}" rank "${POOL}" --problem "${PROBLEM}" --prm "${TINY_PRM}" | head -1; exit 0`,
      ],
      {
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const errors: Buffer[] = [];
    const output: Buffer[] = [];
    shell.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
    shell.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    await new Promise((resolve) => shell.on("close", resolve));
    expect(JSON.parse(Buffer.concat(output).toString())).toMatchObject({ rank: 1 });
    expect(Buffer.concat(errors).toString()).not.toMatch(/EPIPE|defect/);
  });

  it("stdout is data only, stderr has no colour, --quiet says nothing", async () => {
    const args = ["rank", POOL, "--problem", PROBLEM, "--prm", TINY_PRM];
    const loud = await funprm(args);
    expect(() => jsonLines(loud.stdout)).not.toThrow();
    expect(loud.stderr).toMatch(/ranked 8 candidates/);
    // oxlint-disable-next-line eslint/no-control-regex -- the escape character is what must not be there
    expect(loud.stderr).not.toMatch(/\u001b/);
    expect((await host.run([...args, "--quiet"])).stderr).toBe("");
  });
});

describe("split", () => {
  it("gives every step as a line, offsets in code points", async () => {
    const code =
      "# \u{1F600}\nimport sys\n\n\nclass A:\n    def f(self):\n        pass\n\n\ndef g():\n    pass\n\n\ng()\n";
    const result = await funprm(["split", "-"], { input: code });
    const steps = jsonLines(result.stdout);
    expect(steps.map((step) => [step["kind"], step["name"], step["start_line"], step["end_line"]])).toEqual([
      ["method", "A.f", 1, 7],
      ["function", "g", 8, 14],
    ]);
    const characters = [...code];
    const texts = steps.map((step) => characters.slice(Number(step["start"]), Number(step["end"])).join(""));
    expect(texts.join("")).toBe(code);
    expect(steps.every((step) => step["complete"])).toBe(true);
  });

  it("--jsonl keeps the order of the candidates", async () => {
    const result = await host.run(["split", "--jsonl", mixed]);
    const rows = jsonLines(result.stdout);
    expect(rows.map((row) => [row["problem_id"], row["sample_index"]])).toEqual([
      ["a", 0], ["b", 1], ["a", 2], ["b", 3], ["a", 4],
    ]); // prettier-ignore
    expect(Object.keys(rows[0] ?? {})).toEqual(["problem_id", "sample_index", "steps"]);
  });
});

describe("score", () => {
  const PROGRAM = "import sys\n\n\ndef main():\n    print(1)\n\n\ndef broken(:\n    pass\n";

  it("gives every step's reward; a step that does not parse has none to give", async () => {
    const result = await funprm(["score", "-", "--problem", PROBLEM, "--prm", TINY_PRM], { input: PROGRAM });
    expect(result.code).toBe(0);
    const steps = jsonLines(result.stdout);
    expect(steps.map((step) => step["name"])).toEqual(["main", "broken"]);
    expect(Number(steps[0]?.["reward"])).toBeGreaterThan(0);
    expect(steps[1]?.["reward"]).toBe(0);
    expect(result.stderr).toMatch(/does not parse/);
  });

  it("tells what reading the program finds", async () => {
    const args = ["score", "-", "--problem", PROBLEM, "--prm", TINY_PRM];
    const result = await funprm(args, { input: "import sys\n\n\ndef main():\n    prnt(1)\n" });
    expect(result.code).toBe(0);
    expect(result.stderr).toMatch(/line 5, main: prnt is not defined/);
  });

  it("--explain prints the program with the rewards in the margin", async () => {
    const result = await funprm(["score", "-", "--problem", PROBLEM, "--prm", TINY_PRM, "--explain"], {
      input: PROGRAM,
    });
    const lines = result.stdout.split("\n");
    expect(lines[0]).toMatch(/^[01]\.\d{4} [#.]{10} \| import sys$/);
    expect(lines.slice(0, 9).map((line) => line.slice(20))).toEqual(PROGRAM.split("\n").slice(0, 9));
    expect(lines[7]).toMatch(/^0\.0000 \.{10} \| def broken/);
  });
});
