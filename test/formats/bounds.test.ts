import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readCandidates } from "../../src/formats/candidates.ts";
import { ProblemIndex } from "../../src/formats/problem-file.ts";
import { readProgram } from "../../src/formats/program.ts";
import { readProblems } from "../../src/formats/problems.ts";
import { SampleIndices } from "../../src/formats/sample-indices.ts";
import { readBytes } from "../../src/formats/text/bytes.ts";
import { readRecords } from "../../src/formats/text/json-records.ts";
import { MAX_TEXT_BYTES } from "../../src/formats/text/whole-text.ts";
import { all, testFolder } from "./folder.ts";

const folder = testFolder();

function pipe(name: string): string {
  const path = join(folder.path, name);
  execFileSync("mkfifo", [path]);
  return path;
}

describe("a named pipe that nobody writes to", () => {
  it.each<[string, (path: string) => Promise<unknown>]>([
    ["candidates.jsonl", (path) => all(readCandidates([path]))],
    ["program.py", readProgram],
    ["problem.md", (path) => all(readProblems(path))],
    ["problems.jsonl", (path) => ProblemIndex.open(path)],
  ])("is refused as %s", async (name, read) => {
    await expect(read(pipe(name))).rejects.toThrow(`${name}: expected a regular file, got a named pipe`);
  });

  it("is refused in a folder of programs", async () => {
    folder.write("programs/0.py", "print(1)\n");
    pipe("programs/1.py");
    await expect(all(readCandidates([join(folder.path, "programs")]))).rejects.toThrow(
      /1\.py: expected a reg/,
    );
  });
});

describe("one record without an end", () => {
  const endless = (text: string): Readable =>
    Readable.from(
      (function* () {
        yield Buffer.from(text);
        for (;;) yield Buffer.alloc(1000, "x");
      })(),
    );

  it.each([
    ["a line", '{"a": "'],
    ["an object after its line", '{\n"a": "'],
    ["an object in a list", '[{"a": "'],
    ["no JSON", "x"],
  ])("is refused early: %s", async (_, text) => {
    await expect(all(readRecords(endless(text), { maxLineBytes: 50_000 }))).rejects.toThrow(
      "stdin:1: expected a record of at most 50000 bytes",
    );
  });

  it("is refused early where only blanks come", async () => {
    const blanks = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(1000, " ");
      })(),
    );
    await expect(all(readRecords(blanks, { maxLineBytes: 50_000 }))).rejects.toThrow("at most 50000 bytes");
  });
});

describe("gzip that inflates far", () => {
  it("is refused once it passes the bound", async () => {
    const file = folder.write("far.gz", gzipSync(Buffer.alloc(5_000_000, "x\n")));
    await expect(all(readBytes(file, () => "far.gz:7", { maxInflatedBytes: 1_000_000 }))).rejects.toThrow(
      "far.gz:7: expected a gzip file that inflates to at most 1000000 bytes",
    );
  });

  it("is no program and no statement", async () => {
    const bomb = gzipSync(Buffer.alloc(MAX_TEXT_BYTES + 1, "#"));
    await expect(readProgram(folder.write("bomb.py", bomb))).rejects.toThrow("expected a text of at most");
    await expect(all(readProblems(folder.write("bomb.md.gz", bomb)))).rejects.toThrow("a text of at most");
  });
});

describe("a program of more than any judge takes", () => {
  const long = "x".repeat(MAX_TEXT_BYTES + 1);
  it.each([
    { problem_id: "p", code: long },
    { problem_id: "p", reply: long },
    { question_id: "p", code_list: ["print(1)", long] },
  ])("is refused with its line: %#", async (record) => {
    const file = folder.write("long.jsonl", `{"problem_id":"p","code":"x"}\n${JSON.stringify(record)}\n`);
    await expect(all(readCandidates([file]))).rejects.toThrow(
      /long\.jsonl:2: expected at most \d+ characters/,
    );
  });
});

describe("a sample index that comes again", () => {
  const told = async (...rows: object[]): Promise<string[]> => {
    const file = folder.write("again.jsonl", rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const messages: string[] = [];
    const onDuplicate = (message: string): void => void messages.push(message);
    expect(await all(readCandidates([file], { onDuplicate }))).toHaveLength(rows.length);
    return messages;
  };
  const row = { problem_id: "p", sample_index: 1, code: "x" };

  it("is said once, with its line", async () => {
    const messages = await told(row, { ...row, sample_index: 0 }, { ...row, code: "y" }, row);
    expect(messages).toEqual([expect.stringMatching(/again\.jsonl:3: problem "p" has sample 1 already/)]);
  });

  it("is another sample of another problem or model", async () => {
    expect(await told(row, { ...row, problem_id: "q" }, { ...row, model: "m" })).toEqual([]);
  });

  it("is found in whatever order indices come", () => {
    const indices = new SampleIndices();
    expect([5, 0, 1, 2, 1, 5, 3, 4, 5, 6].map((index) => indices.add(index))).toEqual(
      [true, true, true, true, false, false, true, true, false, true], // prettier-ignore
    );
    expect(indices.next).toBe(7);
  });
});
