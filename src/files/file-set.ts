import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "./atomic-file.ts";
import { lockFile } from "./lock.ts";

/** Where files of a set are written, and what that folder is called once they are all there. */
const GROWING = ".new";
const WHOLE = ".ready";

/**
 * Writes files that belong together into a folder, as one: a process that is killed leaves either the earlier ones or, in
 * the moment in which files change places, a folder from which the next `writeFileSet` goes on.
 * @param name of the set: `NAME.new` and `NAME.ready` are folders next to the files while they are written
 * @param work what the process does there, for the message to another one that does the same
 * @throws FunprmError `usage` when another process writes the set, errors of the file system
 */
export async function writeFileSet(
  folder: string,
  { name, work }: { readonly name: string; readonly work: string },
  files: Readonly<Record<string, string | Iterable<string>>>,
): Promise<void> {
  const growing = join(folder, `${name}${GROWING}`);
  const whole = join(folder, `${name}${WHOLE}`);
  const lock = await lockFile(join(folder, name), work);
  try {
    await moveAll(whole, folder);
    await rm(growing, { recursive: true, force: true });
    try {
      await mkdir(growing);
      for (const [file, content] of Object.entries(files))
        await writeFileAtomically(join(growing, file), content);
      await rename(growing, whole);
    } catch (error) {
      await rm(growing, { recursive: true, force: true });
      throw error;
    }
    await moveAll(whole, folder);
  } finally {
    await lock.release();
  }
}

/** Moves what is there; what is not was moved before. */
async function moveAll(whole: string, folder: string): Promise<void> {
  const isThere = await stat(whole).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  for (const file of await readdir(whole)) await rename(join(whole, file), join(folder, file));
  await rm(whole, { recursive: true, force: true });
}
