// What hostile inputs are made of. IN, OUT and CWD in arguments and texts stand for the folders of a try.
import { execFileSync } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "../processes.mjs";

export const EXAMPLE = join(root, "examples", "interval-merge");
export const PROBLEM = join(EXAMPLE, "problem.json");
export const POOL = join(EXAMPLE, "candidates.jsonl");
export const TINY = join(root, "test", "fixtures", "prm-encoder-tiny");
export const ID = "examples/interval-merge";

export const line = (fields) => `${JSON.stringify({ problem_id: ID, code: "print(1)\n", ...fields })}\n`;
export const problem = (fields) =>
  `${JSON.stringify({ id: "p", statement: "Print 1.", tests: [{ input: "", output: "1\n" }], ...fields })}\n`;

/** All that a terminal might obey: colours, a title, clearing, one-byte sequences, bells, carriage returns, turned text. */
export const ESCAPES = "\u001b[2J\u001b]0;owned\u0007\u009b31m\rGONE\b\b\u007f\u202e\u2066";

/** A file of so many MiB of one byte, behind a beginning, written without being held. */
export function bigFile(path, beginning, mebibytes, byte = "x") {
  const file = openSync(path, "w");
  writeSync(file, beginning);
  const block = Buffer.alloc(2 ** 20, byte);
  for (let at = 0; at < mebibytes; at += 1) writeSync(file, block);
  closeSync(file);
}

/** A gzip of the same: members of the same bytes one after the other are one text. */
export function packedBig(path, beginning, mebibytes, byte = "x") {
  const file = openSync(path, "w");
  writeSync(file, gzipSync(beginning));
  const member = gzipSync(Buffer.alloc(8 * 2 ** 20, byte), { level: 9 });
  for (let at = 0; at < mebibytes / 8; at += 1) writeSync(file, member);
  closeSync(file);
}

export const fifo = (path) => execFileSync("mkfifo", [path]);

export const deep = (depth, open = "[", close = "]") => open.repeat(depth) + close.repeat(depth);

/** A LiveCodeBench record whose private tests are these bytes, as the dataset packs them. */
export const livecodebench = (packed) =>
  `${JSON.stringify({
    question_title: "t",
    question_content: "Print 1.",
    platform: "atcoder",
    question_id: "q",
    contest_id: "c",
    contest_date: "2024-01-01T00:00:00",
    starter_code: "",
    difficulty: "easy",
    public_test_cases: "[]",
    private_test_cases: packed.toString("base64"),
    metadata: "{}",
  })}\n`;
