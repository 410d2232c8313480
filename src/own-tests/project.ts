import { readdir, readFile, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, resolve, sep } from "node:path";
import { FunprmError } from "../core/errors.ts";

/** A user's tests: the files they need, how they are run, and where the candidate goes. */
export interface OwnTests {
  /** Paths relative to the project, and contents in base64. */
  readonly files: readonly (readonly [path: string, base64: string])[];
  /** A command, or a file of tests that is run by whatever runs it. */
  readonly run: { readonly command: string } | { readonly file: string };
  /** Path of the candidate, relative to the project. */
  readonly candidatePath: string;
}

/** What the user named. */
export interface NamedTests {
  readonly test?: string | undefined;
  readonly testFile?: string | undefined;
  readonly testPath: string;
}

const MOST_FILES = 2000;
const MOST_BYTES = 8 * 2 ** 20;
/** Folders that hold what others made. */
const LEFT_OUT = new Set(["node_modules", "__pycache__", "venv", "dist", "build"]);

/**
 * The tests that the options name; undefined when they name none. With a command the whole working directory goes into the
 * sandbox, but for hidden folders and what others made; with a file of tests the Python files beside it do.
 *
 * @throws FunprmError `usage` for a path outside the project or a project that is too large, `input` for a missing file
 */
export async function ownTests(named: NamedTests, directory: string): Promise<OwnTests | undefined> {
  const { test, testFile } = named;
  if (test === undefined && testFile === undefined) return undefined;
  if (test !== undefined && testFile !== undefined)
    throw new FunprmError("usage", "give --test COMMAND or --test-file FILE, not both");
  if (test?.trim() === "")
    throw new FunprmError("usage", "--test: expected a command such as 'pytest -q', got an empty one");
  const candidatePath = inside(named.testPath, directory, "--test-path");
  if (testFile !== undefined) {
    const file = inside(testFile, directory, "--test-file");
    const files = await filesOf(directory, (path) => path.endsWith(".py") || path === file);
    if (files.some(([path]) => path === file)) return { files, run: { file }, candidatePath };
    throw new FunprmError("input", `--test-file ${testFile}: expected a file of tests, there is none`);
  }
  return { files: await filesOf(directory, () => true), run: { command: test ?? "" }, candidatePath };
}

/** A path within the directory, relative to it, with slashes. */
function inside(path: string, directory: string, flag: string): string {
  const within = relative(directory, resolve(directory, path));
  if (within === "" || within.startsWith("..") || isAbsolute(within))
    throw new FunprmError("usage", `${flag} ${path}: expected a path below the working directory`);
  return normalize(within).split(sep).join("/");
}

async function filesOf(
  directory: string,
  isWanted: (path: string) => boolean,
): Promise<(readonly [string, string])[]> {
  const files: (readonly [string, string])[] = [];
  let bytes = 0;
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(join(directory, folder), { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.name.startsWith(".")) continue;
      if (entry.isDirectory()) {
        if (!LEFT_OUT.has(entry.name)) await walk(path);
      } else if (entry.isFile() && isWanted(path)) {
        bytes += (await stat(join(directory, path))).size;
        if (files.length >= MOST_FILES || bytes > MOST_BYTES) throw tooLarge();
        files.push([path, (await readFile(join(directory, path))).toString("base64")]);
      }
    }
  };
  await walk("");
  return files;
}

function tooLarge(): FunprmError {
  return new FunprmError(
    "usage",
    `expected a project of at most ${MOST_FILES} files and ${MOST_BYTES / 2 ** 20} MiB for the tests, got a larger one; ` +
      "run funprm in a smaller folder",
  );
}
