import { linkSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate } from "../../src/core/candidate.ts";
import type { Problem } from "../../src/core/problem.ts";
import { candidateLine, evalAllRecord } from "../../src/formats/candidate-lines.ts";
import { candidateOptions, readCandidates, type CandidateOptions } from "../../src/formats/candidates.ts";
import { readProgram } from "../../src/formats/program.ts";
import { ProblemMap } from "../../src/formats/problem-map.ts";
import { all, only, testFolder } from "./folder.ts";

const folder = testFolder();

async function read(rows: readonly unknown[] | string, options: CandidateOptions = {}): Promise<Candidate[]> {
  const text = typeof rows === "string" ? rows : rows.map((row) => JSON.stringify(row)).join("\n");
  const found = await all(readCandidates([Readable.from([text])], options));
  return found.map(({ file: _file, line: _line, ...candidate }) => candidate);
}

describe("our own lines", () => {
  it("reads every field, keeps unknown ones and writes them back", async () => {
    const text =
      '{"problem_id":"a","model":"m","sample_index":3,"code":"x\\ud800","passed":false,"warnings":["w"],"score":0,"deep":{"__proto__":[null]},"__proto__":1}';
    const candidate = only(await read(text));
    expect(candidate).toMatchObject({
      problemId: "a",
      model: "m",
      sampleIndex: 3,
      code: "x\ud800",
      passed: false,
      warnings: ["w"],
    });
    expect(Object.keys(candidate.extra)).toEqual(["score", "deep", "__proto__"]);
    expect(candidateLine(candidate)).toBe(text);
  });

  it("reads back any candidate it writes", async () => {
    const candidate = fc.record(
      {
        problemId: fc.string({ minLength: 1 }).map((id) => `p${id.trim()}`),
        sampleIndex: fc.nat(),
        code: fc.string({ unit: "binary" }).map((code) => code.replaceAll("`", "'").replaceAll("~", "-")),
        reply: fc.string({ unit: "binary" }),
        model: fc.string(),
        passed: fc.boolean(),
        warnings: fc.array(fc.string()),
        extra: fc
          .dictionary(
            fc.string().map((key) => `x${key}`),
            fc.jsonValue(),
          )
          .map((extra): Record<string, unknown> => JSON.parse(JSON.stringify(extra))),
      },
      { requiredKeys: ["problemId", "sampleIndex", "code", "warnings", "extra"] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(candidate, { minLength: 1 }), async (candidates) => {
        expect(await read(candidates.map(candidateLine).join("\n"))).toEqual(candidates);
      }),
    );
  });

  it("counts samples of a problem and model where the index is missing", async () => {
    const rows = [
      { problem_id: "a", code: "1" },
      { problem_id: "b", code: "2" },
      { problem_id: "a", code: "3", model: "m" },
      { problem_id: "a", code: "4" },
      { problem_id: "a", code: "5", sample_index: 7 },
      { problem_id: "a", code: "6", sample_index: null },
    ];
    expect((await read(rows)).map(({ sampleIndex }) => sampleIndex)).toEqual([0, 0, 0, 1, 7, 8]);
    const [file, other] = ["one", "two"].map((name) =>
      folder.write(`${name}.jsonl`, '{"problem_id":"a","code":"x"}\n'),
    );
    const found = await all(readCandidates([file ?? "", other ?? ""]));
    expect(found.map(({ sampleIndex, file: name, line }) => [sampleIndex, name, line])).toEqual([
      [0, file, 1],
      [1, other, 1],
    ]);
  });

  it("takes the only problem for lines that name none", async () => {
    expect(await read([{ code: "x" }, { problem_id: "other", code: "y" }], { problemId: "p" })).toMatchObject(
      [{ problemId: "p" }, { problemId: "other" }],
    );
  });
});

describe("replies", () => {
  const reply = "Sure!\n\n```python\ndef f():\n    return 1\n```\nDone.";

  it.each(["code", "solution", "completion", "reply", "content", "response"])(
    "takes the program out of %s",
    async (field) => {
      expect(await read([{ problem_id: "a", [field]: reply }])).toMatchObject([
        { code: "def f():\n    return 1", reply, warnings: [] },
      ]);
    },
  );

  it("leaves programs alone, with fences in their docstrings too", async () => {
    const program = 'def f():\n    """Doc.\n\n    ```\n    f()\n    ```\n    """\n    return "```"\n';
    for (const field of ["code", "solution"]) {
      const [candidate] = await read([{ problem_id: "a", [field]: program }]);
      expect(candidate?.code).toBe(program);
      expect(candidate).not.toHaveProperty("reply");
    }
    expect((await read([{ problem_id: "a", code: "", reply: "I cannot." }]))[0]).toMatchObject({
      code: "",
      reply: "I cannot.",
    });
    expect((await read([{ problem_id: "a", reply: "I cannot." }]))[0]).toMatchObject({
      code: "",
      reply: "I cannot.",
      warnings: ["no code found in the reply"],
    });
  });

  it("prefers the block that defines the problem's entry point", async () => {
    const two =
      "```python\ndef f():\n    return 1\n```\nand\n```python\ndef g():\n    a = 1\n    return a\n```";
    expect((await read([{ problem_id: "a", reply: two }], { entryPointOf: () => "f" }))[0]?.code).toContain(
      "def f",
    );
  });
});

const problem = (id: string, starterCode: string, entryPoint: string): Problem => ({
  id, statement: starterCode, kind: "function", starterCode, entryPoint, exampleTests: [], meta: { suite: "humaneval" },
}); // prettier-ignore

describe("other forms", () => {
  const problems = new ProblemMap();
  problems.addProblem(problem("HumanEval/0", 'def f(x):\n    """Add one."""\n', "f"));
  problems.addProblem(problem("HumanEval/1", 'def f(x):\n    """Take one away."""\n', "f"));

  it("reads EvalPlus solutions, and completions as what continues the prompt", async () => {
    const options = candidateOptions(problems);
    expect(
      await read(
        [{ task_id: "HumanEval/0", solution: "def f(x): ...", _identifier: "HumanEval/0_0" }],
        options,
      ),
    ).toMatchObject([
      { problemId: "HumanEval/0", code: "def f(x): ...", extra: { _identifier: "HumanEval/0_0" } },
    ]);
    expect(
      (await read([{ task_id: "HumanEval/0", completion: "    return x + 1\n" }], options))[0]?.code,
    ).toBe('def f(x):\n    """Add one."""\n    return x + 1\n');
  });

  it("finds the problem of HumanEval samples by function and wording", async () => {
    const rows = [
      { prompt: '\ndef f(x):\n    """Take 1 away."""\n', samples: ["    return x - 1", "    pass"] },
    ];
    expect(await read(rows, candidateOptions(problems))).toMatchObject([
      {
        problemId: "HumanEval/1",
        sampleIndex: 0,
        code: '\ndef f(x):\n    """Take 1 away."""\n    return x - 1',
      },
      { problemId: "HumanEval/1", sampleIndex: 1 },
    ]);
  });

  it("reads LiveCodeBench lists and eval_all.json, and writes them", async () => {
    const record = {
      question_title: "T", question_content: "S", platform: "atcoder", question_id: "abc_a", contest_id: "abc", contest_date: "2024-01-01",
      starter_code: "", difficulty: "easy", output_list: ["Look:\n```python\nprint(1)\n```", "print(2)", "no"], code_list: ["print(1)", "print(2)", null],
      graded_list: [true, false, false], "pass@1": 1 / 3, metadata: [{ ms: 1 }, { ms: 2 }, { error: "none" }], run: "r1",
    }; // prettier-ignore
    const found = await read(JSON.stringify([record, { question_id: "abc_b", code_list: [] }], null, 1));
    expect(found).toEqual([
      {
        problemId: "abc_a",
        sampleIndex: 0,
        code: "print(1)",
        reply: record.output_list[0],
        passed: true,
        warnings: [],
        extra: { run: "r1", metadata: { ms: 1 } },
      },
      {
        problemId: "abc_a",
        sampleIndex: 1,
        code: "print(2)",
        passed: false,
        warnings: [],
        extra: { run: "r1", metadata: { ms: 2 } },
      },
      {
        problemId: "abc_a",
        sampleIndex: 2,
        code: "",
        reply: "no",
        passed: false,
        warnings: ["no code"],
        extra: { run: "r1", metadata: { error: "none" } },
      },
    ]);
    const stated: Problem = {
      id: "abc_a", title: "T", statement: "S", kind: "stdin", starterCode: "", exampleTests: [],
      meta: { platform: "atcoder", contest: "abc", date: "2024-01-01", difficulty: "easy" },
    }; // prettier-ignore
    const { run: _run, ...expected } = record;
    expect(evalAllRecord(stated, found.toReversed())).toEqual({
      ...expected,
      code_list: ["print(1)", "print(2)", ""],
    });
    const ungraded = { problemId: "abc_a", sampleIndex: 3, code: "x", warnings: [], extra: {} };
    expect(evalAllRecord(stated, [...found, ungraded])).not.toHaveProperty("graded_list");
  });

  it("reads outputs alone", async () => {
    expect(await read([{ question_id: "a", output_list: ["```\nprint(1)\n```"] }])).toMatchObject([
      { code: "print(1)" },
    ]);
  });
});

async function folderRows(options: CandidateOptions): Promise<unknown[]> {
  const found = await all(readCandidates([`${folder.path}/pool`], options));
  return found.map(({ problemId, sampleIndex, code }) => [problemId, sampleIndex, code]);
}

describe("folders and programs", () => {
  it("reads a folder of programs: names give index and order, folders inside the problem", async () => {
    for (const [name, code] of Object.entries({
      "10.py": "c",
      "2.py": "b",
      "first.py": "a",
      "notes.txt": "-",
      "HumanEval_0/0.py": "d",
      "x/79/sample_3.py": "e",
      ".git/0.py": "-",
    })) {
      folder.write(`pool/${name}`, code);
    }
    expect(await folderRows({})).toEqual([
      ["pool", 2, "b"],
      ["pool", 10, "c"],
      ["pool", 11, "a"],
      ["HumanEval_0", 0, "d"],
      ["x/79", 3, "e"],
    ]);
    expect((await folderRows({ problemId: "p" }))[0]).toEqual(["p", 2, "b"]);
  });

  it("reads a program as it is, or out of a reply", async () => {
    const code = "\uFEFFprint(1)\r\n";
    expect(await readProgram(folder.write("a.py", code))).toBe("print(1)\r\n");
    expect(await readProgram(folder.write("a.py.gz", gzipSync("print(1)")))).toBe("print(1)");
    expect(await readProgram(folder.write("a.md", "So:\n```py\nprint(1)\n```\n"))).toBe("print(1)");
    expect(await all(readCandidates([folder.write("s_4.py", "x")], { problemId: "p" }))).toMatchObject([
      { problemId: "p", sampleIndex: 4, code: "x" },
    ]);
  });
});

describe("one program", () => {
  it.each(['{"code": "x"}\n', '{"code": "x"}\n{"code": "y"}\n', '[\n {"code": "x"}\n]\n'])(
    "is not records of JSON: %j",
    async (text) => {
      await expect(readProgram(folder.write("records.py", text))).rejects.toMatchObject({ code: "input" });
    },
  );

  it("may begin with a literal", async () => {
    const code = '{"a": 1}\nprint(2)\n';
    expect(await readProgram(folder.write("literal.py", code))).toBe(code);
  });
});

describe("sources given twice", () => {
  const row = '{"problem_id":"p","sample_index":0,"code":"x"}\n';

  it("are refused, by whatever names: every candidate would count twice", async () => {
    const pool = folder.write("twice.jsonl", row);
    const links = [join(folder.path, "soft"), join(folder.path, "hard"), relative(process.cwd(), pool)];
    symlinkSync(pool, join(folder.path, "soft"));
    linkSync(pool, join(folder.path, "hard"));
    for (const other of [pool, ...links]) {
      await expect(all(readCandidates([pool, other]))).rejects.toMatchObject({
        code: "input",
        message: expect.stringContaining(`${other}: expected every file of candidates once`),
      });
    }
    const programs = join(folder.write("programs/0.py", "x"), "..");
    await expect(all(readCandidates([programs, programs]))).rejects.toThrow(/count twice/);
  });

  it("are not files of equal content, nor stdin and a file that is not there", async () => {
    const [a, b] = [folder.write("a.jsonl", row), folder.write("b.jsonl", row)];
    expect(await all(readCandidates([a, b]))).toHaveLength(2);
    const missing = join(folder.path, "missing");
    await expect(all(readCandidates([missing, missing]))).rejects.not.toThrow(/count twice/);
  });
});
