import { createHash } from "node:crypto";
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * PRMs with random weights that training/ wrote, with PyTorch's rewards next to them: graphs of rows, read once a prefix
 * (encoder) or at step marks (decoder), and graphs of trees, read at step marks (tree, and large with its weights in files
 * next to the graphs) or after closing text (probe).
 */
export const TINY = ["encoder", "decoder", "tree", "probe", "large"] as const;

export type Tiny = (typeof TINY)[number];

export function tinyFolder(which: Tiny): string {
  return fileURLToPath(new URL(`../fixtures/prm-${which}-tiny`, import.meta.url));
}

/** What PyTorch and the Python tokenizer make of a request. */
export interface ExpectedCase {
  readonly statement: string;
  readonly steps: readonly string[];
  readonly rewards: readonly number[];
  readonly truncatedTokens: number;
  readonly truncatedCodeTokens: number;
  readonly inputIds: readonly (readonly number[])[];
  readonly marks: readonly number[];
}

export async function expectedCases(which: Tiny): Promise<readonly ExpectedCase[]> {
  const json: { cases: ExpectedCase[] } = JSON.parse(
    await readFile(join(tinyFolder(which), "expected.json"), "utf8"),
  );
  return json.cases;
}

/** A copy of a tiny PRM that a test may spoil. */
export async function copyTiny(which: Tiny): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "funprm-prm-"));
  await cp(tinyFolder(which), folder, { recursive: true });
  return folder;
}

/** Sets one field of a folder's prm.json, given by its dotted path; undefined removes it. */
export async function setField(folder: string, field: string, value: unknown): Promise<void> {
  const path = join(folder, "prm.json");
  const manifest: object = JSON.parse(await readFile(path, "utf8"));
  const keys = field.split(".");
  const last = keys.pop() ?? "";
  const owner = keys.reduce((object: object, key): object => Reflect.get(object, key), manifest);
  if (value === undefined) Reflect.deleteProperty(owner, last);
  else Reflect.set(owner, last, value);
  await writeFile(path, JSON.stringify(manifest));
}

/** Replaces a listed file's content and makes the manifest agree with it. */
export async function replaceFile(folder: string, entry: string, content: Buffer): Promise<void> {
  const manifest: { files: Record<string, { path: string }> } = JSON.parse(
    await readFile(join(folder, "prm.json"), "utf8"),
  );
  await writeFile(join(folder, manifest.files[entry]?.path ?? ""), content);
  await setField(folder, `files.${entry}.bytes`, content.length);
  await setField(folder, `files.${entry}.sha256`, createHash("sha256").update(content).digest("hex"));
}
