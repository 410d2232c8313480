import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { FunprmError } from "../core/errors.ts";
import type { CandidateOptions, Draft } from "./candidate-form.ts";
import { readText } from "./text/whole-text.ts";

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/**
 * The programs in a folder: one a .py file, in the natural order of their names (2.py before 10.py). Files in the
 * folder itself belong to `options.problemId`, or to the problem the folder is named after; those in a folder inside
 * it to the problem of that path (`HumanEval_0/0.py`, `humaneval/79/0.py`). A number that ends the file's name is
 * its sample index.
 * Throws FunprmError("input") when there is no .py file, or one is not text.
 */
export async function* readFolder(
  folder: string,
  options: CandidateOptions,
): AsyncGenerator<{ draft: Draft; file: string }> {
  let any = false;
  for (const path of await pythonFiles(folder)) {
    any = true;
    const inside = path.slice(0, -1).join("/");
    const problemId = inside === "" ? (options.problemId ?? basename(folder)) : inside;
    const file = join(folder, ...path);
    yield { draft: fileDraft(await readText(file), problemId, path.at(-1) ?? ""), file };
  }
  if (!any)
    throw new FunprmError("input", `${folder}: expected .py files, found none. Name a folder of programs.`);
}

/** A .py file as a candidate. */
export function fileDraft(code: string, problemId: string, name: string): Draft {
  const digits = /(\d+)\.py$/.exec(name)?.[1];
  const sampleIndex = digits === undefined ? undefined : Number(digits);
  return {
    problemId,
    code,
    ...(sampleIndex !== undefined && Number.isSafeInteger(sampleIndex) && { sampleIndex }),
    warnings: [],
    extra: {},
  };
}

const natural = new Intl.Collator("en", { numeric: true });

/** Paths of .py files below a folder, files before folders. */
async function pythonFiles(folder: string, above: readonly string[] = []): Promise<string[][]> {
  const entries = await readdir(join(folder, ...above), { withFileTypes: true });
  entries.sort((a, b) => natural.compare(a.name, b.name) || (a.name < b.name ? -1 : 1));
  const files = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(".py"));
  const found = files.map((entry) => [...above, entry.name]);
  for (const entry of entries) {
    if (entry.isDirectory() && !entry.name.startsWith(".")) {
      found.push(...(await pythonFiles(folder, [...above, entry.name])));
    }
  }
  return found;
}
