import { lstat, mkdtemp, readFile, rm, writeFile, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Candidate } from "../../src/core/candidate.ts";
import { GradedFile } from "../../src/grade/graded-file.ts";
import { gradedLine } from "../../src/grade/output.ts";
import { GRADING_VERSION } from "../../src/grade/grading-version.ts";
import { bigcodebenchResults, evalAll, evalplusResults } from "../../src/grade/result-forms.ts";
import type { Graded } from "../../src/grade/verdict.ts";

function graded(sampleIndex: number, part: Partial<Graded> = {}): Graded {
  const candidate: Candidate = {
    problemId: "p",
    sampleIndex,
    code: "x",
    passed: true,
    warnings: [],
    extra: { k: 1 },
  };
  const spent = { cpuMs: 1.6, wallMs: 2.4, memoryKb: 3 };
  return { candidate, verdict: "pass", duplicate: false, passedTests: 1, totalTests: 1, ...spent, ...part };
}

test("a line is the candidate's own with the verdict in place of a recorded one", () => {
  const failedTest = { index: 2, input: "i", expected: "e", actual: "a" };
  expect(JSON.parse(gradedLine(graded(0, { verdict: "wrong_answer", failedTest })))).toEqual({
    problem_id: "p",
    sample_index: 0,
    code: "x",
    k: 1,
    passed: false,
    verdict: "wrong_answer",
    failed_test: failedTest,
    passed_tests: 1,
    total_tests: 1,
    cpu_ms: 2,
    wall_ms: 2,
    memory_kb: 3,
    grading_version: GRADING_VERSION,
  });
});

test("infra_error is neither passed nor failed, in every form", () => {
  const broken = graded(0, { verdict: "infra_error" });
  expect(JSON.parse(gradedLine(broken))).toMatchObject({ passed: null, verdict: "infra_error" });
  expect(evalplusResults([broken], "d")).toEqual({ date: "d", eval: {} });
  expect(bigcodebenchResults([broken], "d")).toEqual({ date: "d", eval: {} });
  const problem = {
    id: "p",
    statement: "",
    kind: "stdin",
    starterCode: "",
    exampleTests: [],
    meta: {},
  } as const;
  expect(evalAll(problem, [broken, graded(1)])).not.toHaveProperty("graded_list");
  expect(evalAll(problem, [graded(1), graded(0, { verdict: "time_limit" })])).toMatchObject({
    graded_list: [false, true],
    "pass@1": 0.5,
  });
});

test("EvalPlus and BigCodeBench statuses", () => {
  const parts = [
    { name: "base", verdict: "pass" },
    { name: "plus", verdict: "time_limit" },
  ] as const;
  const failedTest = { index: 1, input: "[1]", name: "T.test_a", message: "m" };
  const late = graded(0, { verdict: "time_limit", parts, failedTest });
  expect(evalplusResults([late], "d").eval["p"]).toMatchObject([
    { base_status: "pass", plus_status: "timeout", base_fail_tests: [], plus_fail_tests: ["[1]"] },
  ]);
  expect(bigcodebenchResults([late], "d").eval["p"]).toMatchObject([
    { status: "timeout", details: { "T.test_a": "m" } },
  ]);
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "funprm-graded-"));
});
afterEach(async () => rm(folder, { recursive: true }));

async function left(file: GradedFile, count: number): Promise<number[]> {
  const found: number[] = [];
  const all = Array.from({ length: count }, (_, at) => graded(at).candidate);
  for await (const candidate of file.remaining(all)) found.push(candidate.sampleIndex);
  return found;
}

test("a cut last line is graded again, whole ones are not", async () => {
  const path = join(folder, "out.jsonl");
  const first = await GradedFile.open(path, { resume: false });
  for (const at of [0, 1, 2]) await first.append(graded(at));
  await first.close();
  const whole = await readFile(path);
  const lastLine = whole.length - whole.lastIndexOf("\n", whole.length - 2) - 1;
  for (const cut of [1, 2, lastLine - 1]) {
    await writeFile(path, whole.subarray(0, whole.length - cut));
    const again = await GradedFile.open(path, { resume: true });
    expect(again.count).toBe(2);
    expect(await left(again, 4)).toEqual([2, 3]);
    await again.append(graded(2));
    await again.close();
    expect(await readFile(path)).toEqual(whole);
  }
});

test("what grade has not written is refused and stays as it is", async () => {
  const path = join(folder, "candidates.jsonl");
  for (const line of ['{"problem_id":"p","sample_index":1,"code":""}', "a diary", '{"verdict":"pass"}']) {
    const text = `${gradedLine(graded(0))}\n${line}\n${gradedLine(graded(2))}\n`;
    await writeFile(path, text);
    await expect(GradedFile.open(path, { resume: true })).rejects.toMatchObject({
      code: "input",
      message: expect.stringContaining(`${path}:2`),
    });
    expect(await readFile(path, "utf8")).toBe(text);
  }
});

test("candidates without a verdict are counted when a run is taken up", async () => {
  const path = join(folder, "out.jsonl");
  const lines = [graded(0), graded(1, { verdict: "infra_error" }), graded(2)].map((each) => gradedLine(each));
  await writeFile(path, `${lines.join("\n")}\n`);
  const file = await GradedFile.open(path, { resume: true });
  expect(file).toMatchObject({ count: 3, unjudged: 1 });
  await file.close();
});

test("a full disk is said, and what can be done", async () => {
  const file = await GradedFile.open("/dev/full", { resume: false });
  await expect(file.append(graded(0))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/ENOSPC.*--resume/s),
  });
  await file.close();
  await expect(GradedFile.open(join(folder, "no", "out"), { resume: false })).rejects.toMatchObject({
    code: "usage",
  });
});

test("results of other candidates are refused", async () => {
  const path = join(folder, "out.jsonl");
  await writeFile(path, `${gradedLine(graded(5))}\n`);
  const file = await GradedFile.open(path, { resume: true });
  await expect(left(file, 2)).rejects.toMatchObject({
    code: "input",
    message: expect.stringContaining("--resume"),
  });
  await file.close();
});

test("graded anew: the lines of an earlier run stay until the new ones are all there, and none of these is lost", async () => {
  const path = join(folder, "out.jsonl");
  const write = async (resume: boolean, from: number, to: number, finish: boolean): Promise<GradedFile> => {
    const file = await GradedFile.open(path, { resume });
    for (let at = from; at < to; at += 1) await file.append(graded(at));
    if (finish) file.finish();
    await file.close();
    return file;
  };
  const linesIn = async (name: string): Promise<number> =>
    (await readFile(name, "utf8")).split("\n").length - 1;
  await write(false, 0, 4, true);
  const before = await readFile(path);

  const again = await write(false, 0, 2, false);
  expect(again.growing).toBe(`${path}.new`);
  expect(await readFile(path)).toEqual(before);
  expect(await linesIn(`${path}.new`)).toBe(2);

  const resumed = await write(true, 2, 3, true);
  expect(resumed.count).toBe(2);
  expect(await linesIn(path)).toBe(3);
  await expect(readFile(`${path}.new`)).rejects.toMatchObject({ code: "ENOENT" });

  // A link stays one.
  const link = join(folder, "link.jsonl");
  await symlink(path, link);
  const linked = await GradedFile.open(link, { resume: false });
  await linked.append(graded(0));
  linked.finish();
  await linked.close();
  expect(await linesIn(path)).toBe(1);
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
});
