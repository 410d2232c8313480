import { stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../files/atomic-file.ts";
import { FunprmError } from "../core/errors.ts";
import { readOwnFile } from "../files/small-file.ts";

/** What a run folder is about. Everything in it was made under these; other values belong into another folder. */
export type RunIdentity = Readonly<Record<string, string | number | boolean | readonly string[] | null>>;

const NAME = "run.json";
const WORK = ["scores.jsonl", "verdicts.jsonl", "evidence.jsonl", "results.json"];

/**
 * Writes down what a folder is about, or checks that it is about the same.
 * @throws FunprmError `usage` that names what differs
 */
export async function claimFolder(folder: string, identity: RunIdentity): Promise<void> {
  const path = join(folder, NAME);
  const text = await readOwnFile(path).catch(() => undefined);
  if (text === undefined || !(await holdsWork(folder))) {
    await writeFileAtomically(path, `${JSON.stringify(identity, null, 2)}\n`);
    return;
  }
  const there = readIdentity(text, path);
  const differences = differencesOf(there, identity);
  if (differences.length === 0) {
    const grown = { ...there, ...identity };
    if (Object.keys(grown).length > Object.keys(there).length)
      await writeFileAtomically(path, `${JSON.stringify(grown, null, 2)}\n`);
    return;
  }
  throw new FunprmError(
    "usage",
    `${folder} holds a bench that was made differently:\n${differences.map((line) => `  ${line}\n`).join("")}` +
      "Give the same options, or another folder with --out.",
  );
}

/** Whether anything was finished there; a bench that ended before that binds nobody. */
async function holdsWork(folder: string): Promise<boolean> {
  for (const name of WORK) {
    const size = await stat(join(folder, name)).then(
      (found) => found.size,
      () => 0,
    );
    if (size > 0) return true;
  }
  return false;
}

function readIdentity(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch (cause) {
    throw new FunprmError(
      "input",
      `${path}: expected JSON, got something else; name another folder with --out`,
      {
        cause,
      },
    );
  }
  throw new FunprmError("input", `${path}: expected an object; name another folder with --out`);
}

function differencesOf(there: Readonly<Record<string, unknown>>, here: RunIdentity): string[] {
  // What only one of them names did not matter to the other: a bench without a PRM takes any later.
  const names = Object.keys(here).filter((name) => Object.hasOwn(there, name));
  return names.flatMap((name) => {
    const [old, now] = [shown(there[name]), shown(here[name])];
    return old === now ? [] : [`${name}: there ${old}, here ${now}`];
  });
}

function shown(value: unknown): string {
  return value === undefined || value === null ? "none" : JSON.stringify(value);
}
