import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetWriteFile } from "hyparquet-writer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBenchProblems, TestLookup } from "../../../src/bench/source/problem-files.ts";
import { errataOf, groupsOfProblem } from "../../../src/bench/results/problem-facts.ts";
import { suiteByName } from "../../../src/bench/suites/index.ts";
import { filterProblems } from "../../../src/bench/suites/problem-filter.ts";
import type { SuiteOptions } from "../../../src/bench/suites/suite.ts";
import { suiteFiles } from "../../../src/bench/suites/suite-files.ts";
import type { Problem } from "../../../src/core/problem.ts";
import { type HubServer, startHub } from "../../hub/hub-server.ts";

const OPTIONS: SuiteOptions = { release: "v6", subset: "full", split: "complete" };

let folder: string;
let hub: HubServer | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-suites-"));
});
afterEach(async () => {
  await hub?.close();
  hub = undefined;
  rmSync(folder, { recursive: true });
});

function livecodebenchRecord(id: string, more: object = {}): object {
  return {
    question_title: `Task ${id}`,
    question_content: "Read n and print n + 1.",
    platform: "atcoder",
    question_id: id,
    contest_id: "abc300",
    contest_date: "2025-01-15T00:00:00",
    starter_code: "",
    difficulty: "easy",
    public_test_cases: '[{"input": "1\\n", "output": "2\\n", "testtype": "stdin"}]',
    private_test_cases: '[{"input": "5\\n", "output": "6\\n", "testtype": "stdin"}]',
    metadata: "{}",
    ...more,
  };
}

/** A hub that holds these files; gives the settings of a client. */
async function serve(files: Readonly<Record<string, Buffer>>) {
  hub = await startHub(() =>
    Object.fromEntries(
      Object.entries(files).map(([path, body]) => [path.replace(":", "/resolve/main/"), { body }]),
    ),
  );
  return { cacheFolder: join(folder, "cache"), endpoint: hub.endpoint, token: null, offline: false };
}

function parquet(columns: readonly { name: string; data: unknown[] }[]): Buffer {
  const filename = join(folder, "made.parquet");
  parquetWriteFile({ filename, columnData: columns.map((column) => ({ ...column })) });
  return readFileSync(filename);
}

describe("livecodebench", () => {
  it("releases are cumulative: v3 is the first three files, in order, with their tests", async () => {
    const names = ["test.jsonl", "test2.jsonl", "test3.jsonl", "test4.jsonl"];
    const files = Object.fromEntries(
      names.map((name, i) => [
        `livecodebench/code_generation_lite:${name}`,
        Buffer.from(`${JSON.stringify(livecodebenchRecord(`abc30${i}_a`))}\n`),
      ]),
    );
    const suite = suiteByName("livecodebench");
    const settings = await serve(files);
    const { paths, close } = await suiteFiles(suite, { ...OPTIONS, release: "v3" }, { hub: settings });
    expect((await readBenchProblems(paths)).map(({ id }) => id)).toEqual([
      "abc300_a",
      "abc301_a",
      "abc302_a",
    ]);
    const tests = new TestLookup({ files: paths });
    expect((await tests.get("abc301_a"))?.hiddenTests).toMatchObject({ form: "livecodebench" });
    expect(await tests.get("abc303_a")).toBeUndefined();
    await tests.close();
    await close();
    expect(hub?.requests.some(({ path }) => path.includes("test4"))).toBe(false);
  });

  it("the window is inclusive at both ends, whatever the time of day", () => {
    const dates = ["2025-01-31T23:59:00", "2025-02-01", "2025-05-31T12:00:00", "2025-06-01", undefined];
    const problems = dates.map((date, i): Problem => problemOf(String(i), { date }));
    const fits = filterProblems(problems, { from: "2025-02-01", to: "2025-05-31" });
    expect(fits.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(filterProblems(problems, { limit: 2 }).map(({ id }) => id)).toEqual(["0", "1"]);
  });

  it("platforms and difficulties are told without case; a problem that says neither does not fit", () => {
    const problems = [
      problemOf("a", { platform: "AtCoder", difficulty: "hard" }),
      problemOf("b", { platform: "leetcode", difficulty: "easy" }),
      problemOf("c", {}),
    ];
    expect(filterProblems(problems, { platform: ["atcoder"] }).map(({ id }) => id)).toEqual(["a"]);
    expect(filterProblems(problems, { difficulty: ["Easy", "hard"] }).map(({ id }) => id)).toEqual([
      "a",
      "b",
    ]);
  });

  it("knows upstream's errata by id and by title, and reports them as a group", () => {
    const byId = problemOf("abc311_c", { suite: "livecodebench" });
    const prefixed = problemOf("livecodebench/abc337_e", { suite: "livecodebench" });
    const byTitle = problemOf("3200", { suite: "livecodebench" }, "Find the Peaks");
    const other = problemOf("abc311_d", { suite: "livecodebench" });
    expect([byId, prefixed, byTitle].map(errataOf)).not.toContain(undefined);
    expect(errataOf(other)).toBeUndefined();
    expect(errataOf(problemOf("abc311_c", { suite: "mine" }))).toBeUndefined();
    expect(groupsOfProblem(byId)["errata"]).toBe("listed");
    expect(groupsOfProblem(other)["errata"]).toBe("not listed");
  });
});

describe("bigcodebench", () => {
  const task = {
    task_id: "BigCodeBench/0",
    complete_prompt: 'def task_func(n):\n    """Add one."""\n',
    instruct_prompt: "Add one to n. Start with def task_func(n):",
    code_prompt: "def task_func(n):\n",
    canonical_solution: "    return n + 1\n",
    test: "import unittest\nclass TestCases(unittest.TestCase):\n    def test_one(self):\n        self.assertEqual(task_func(1), 2)\n",
    entry_point: "task_func",
    libs: "[]",
  };
  const columns = Object.entries(task).map(([name, value]) => ({ name, data: [value] }));

  it("comes from the hub's Parquet, full or hard", async () => {
    const settings = await serve({
      "bigcode/bigcodebench-hard:data/v0.1.4-00000-of-00001.parquet": parquet(columns),
    });
    const suite = suiteByName("bigcodebench");
    const { paths, close } = await suiteFiles(suite, { ...OPTIONS, subset: "hard" }, { hub: settings });
    const [problem] = await readBenchProblems(paths);
    expect(problem).toMatchObject({
      id: "BigCodeBench/0",
      statement: task.complete_prompt,
      entryPoint: "task_func",
    });
    const tests = new TestLookup({ files: paths });
    expect((await tests.get("BigCodeBench/0"))?.hiddenTests).toMatchObject({
      tests: [{ source: task.test }],
    });
    await tests.close();
    await close();
    await expect(suiteFiles(suite, OPTIONS, { hub: settings })).rejects.toMatchObject({ code: "input" });
  });

  it("instruct states the instruction and starts from the signature, from the user's own file too", async () => {
    const own = join(folder, "tasks.jsonl");
    writeFileSync(own, `${JSON.stringify(task)}\n`);
    const settings = { cacheFolder: folder, endpoint: null, token: null, offline: true };
    const suite = suiteByName("bigcodebench");
    const { paths, close } = await suiteFiles(
      suite,
      { ...OPTIONS, split: "instruct" },
      { own: [own], hub: settings },
    );
    const [problem] = await readBenchProblems(paths);
    expect(problem).toMatchObject({ statement: task.instruct_prompt, starterCode: task.code_prompt });
    await close();
  });
});

it("instruct reads version 0.1's names, and says what is missing where there is no instruction", async () => {
  const own = join(folder, "old.jsonl");
  const old = {
    task_id: "BigCodeBench/1",
    entry_point: "task_func",
    prompt: 'def task_func(n):\n    """Add one."""\n',
    prompt_wo_doc: "def task_func(n):\n",
    instruction: "Add one to n.",
    test: "class TestCases(unittest.TestCase): pass\n",
  };
  const settings = { cacheFolder: folder, endpoint: null, token: null, offline: true };
  const read = async (record: object): Promise<Problem | undefined> => {
    writeFileSync(own, `${JSON.stringify(record)}\n`);
    const options: SuiteOptions = { ...OPTIONS, split: "instruct" };
    const files = await suiteFiles(suiteByName("bigcodebench"), options, { own: [own], hub: settings });
    const [problem] = await readBenchProblems(files.paths);
    await files.close();
    return problem;
  };
  expect(await read(old)).toMatchObject({ statement: "Add one to n.", starterCode: "def task_func(n):\n" });
  const { instruction: _instruction, ...without } = old;
  await expect(read(without)).rejects.toMatchObject({ message: expect.stringContaining("instruct_prompt") });
});

describe("evalplus", () => {
  it("MBPP+ of the hub becomes the released file's form, its script run on the candidate", async () => {
    const record = {
      task_id: 2n,
      code: "def shared(a, b):\n  return set(a) & set(b)\n",
      prompt: "Write a function to find what two lists share.",
      test: "def assertion(out, exp, atol):\n    assert out == exp\nfor i, o in [[([1], [1]), {1}]]:\n    assertion(shared(*i), o, 0)\n",
      test_list: ["assert set(shared((3, 4),(4, 5))) == set((4,))", "assert True"],
    };
    const columns = Object.entries(record).map(([name, value]) => ({ name, data: [value] }));
    const settings = await serve({
      "evalplus/mbppplus:data/test-00000-of-00001-d5781c9c51e02795.parquet": parquet(columns),
    });
    const { paths, close } = await suiteFiles(suiteByName("mbppplus"), OPTIONS, { hub: settings });
    const [problem] = await readBenchProblems(paths);
    expect(problem).toMatchObject({ id: "Mbpp/2", entryPoint: "shared" });
    expect(problem?.statement).toContain(record.test_list[0]);
    const tests = new TestLookup({ files: paths });
    const hidden = (await tests.get("Mbpp/2"))?.hiddenTests;
    expect(hidden).toMatchObject({ form: "list", tests: [{ type: "check", entryPoint: "shared" }] });
    await tests.close();
    await close();
  });

  it("what is no Parquet file is told by its path", async () => {
    const settings = await serve({
      "evalplus/humanevalplus:data/test-00000-of-00001-5973903632b82d40.parquet":
        Buffer.from("not parquet at all"),
    });
    await expect(suiteFiles(suiteByName("humanevalplus"), OPTIONS, { hub: settings })).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/parquet: cannot be read as Parquet/),
    });
  });
});

function problemOf(id: string, meta: Readonly<Record<string, unknown>>, title?: string): Problem {
  return {
    id,
    ...(title !== undefined && { title }),
    statement: "",
    kind: "stdin",
    starterCode: "",
    exampleTests: [],
    meta,
  };
}
