import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { jsonLines } from "../run-cli.ts";

const EXAMPLES = fileURLToPath(new URL("../../../examples/", import.meta.url));

/** A problem of each kind: stdin, method, function. */
const NAMES = ["interval-merge", "fair-shares", "page-ranges"];

export interface PoolFiles {
  readonly problems: string;
  readonly candidates: string;
}

/** Example problems and their candidates as two files; `change` rewrites a candidate's line, null leaves it out. */
export function writePool(
  folder: string,
  change: (row: Record<string, unknown>, problem: number) => object | null = (row) => row,
  names: readonly string[] = NAMES,
): PoolFiles {
  const problems = join(folder, "problems.jsonl");
  const candidates = join(folder, "candidates.jsonl");
  const text = (name: string, file: string): string => readFileSync(join(EXAMPLES, name, file), "utf8");
  writeFileSync(problems, lines(names.map((name) => JSON.parse(text(name, "problem.json")))));
  const rows = names.flatMap((name, problem) =>
    jsonLines(text(name, "candidates.jsonl")).flatMap((row) => change(row, problem) ?? []),
  );
  writeFileSync(candidates, lines(rows));
  return { problems, candidates };
}

export function withoutVerdict({ passed: _passed, why: _why, ...row }: Record<string, unknown>): object {
  return row;
}

/** Leaves out the programs that only a time limit ends, which are most of the work; `change` as in writePool. */
export function fast(
  change: (row: Record<string, unknown>, problem: number) => object | null = (row) => row,
): (row: Record<string, unknown>, problem: number) => object | null {
  return (row, problem) => (/time limit/.test(String(row["why"])) ? null : change(row, problem));
}

export function lines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
