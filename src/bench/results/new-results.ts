import { mkdir, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { z } from "zod";
import { FunprmError } from "../../core/errors.ts";
import { writeFileAtomically } from "../../files/atomic-file.ts";
import { type Lock, lockFolder } from "../../files/lock.ts";
import { unwritable } from "../../files/write-refusal.ts";
import { REPORT_FILES } from "../../report/report-files.ts";
import { BY_SAMPLER, POOLED } from "./pool-views.ts";
import { removeStaleViews } from "./stale-views.ts";
import { PROBLEMS_NAME, RESULTS_NAME } from "./write-run.ts";
import { readOwnFile } from "../../files/small-file.ts";

/** Where results are written while the earlier ones stay, and what that folder is called once they are whole. */
const GROWING = "results.new";
const WHOLE = "results.ready";
const LIST = "files.json";

/** Figures last: who reads them finds the pages that are theirs. */
const NAMES = [PROBLEMS_NAME, ...REPORT_FILES, RESULTS_NAME];

/** The folder of a view, `View.folder`. A run may come from somebody else: nothing may be moved out of it. */
const ViewFolder = z
  .string()
  .refine(
    (view) =>
      view === "" ||
      view === POOLED ||
      (dirname(view) === BY_SAMPLER && !/^\.*$/.test(basename(view)) && !view.includes("\0")),
    "expected the folder of a view",
  );

const Files = z.array(z.object({ view: ViewFolder, names: z.array(z.enum(NAMES)) }));

/**
 * Results that are being written, beside those of an earlier bench, which stay until these are whole. A kill leaves
 * either the earlier ones or, when it comes while files are moved, a folder from which the next process goes on.
 */
export class NewResults {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Goes on where a killed bench left off, in a locked folder. @throws FunprmError `input` when the folder cannot be written */
  static async open(folder: string): Promise<NewResults> {
    await finishSwap(folder);
    const results = new NewResults(folder);
    await results.discard();
    return results;
  }

  /** The folder to write a view into, `View.folder` by its name. */
  placeOf(view: string): string {
    return join(this.#folder, GROWING, view);
  }

  /** Puts what was written of these views in the place of all earlier results. @throws FunprmError `input` */
  async install(views: readonly string[]): Promise<void> {
    try {
      const files: z.infer<typeof Files> = [];
      for (const view of views) {
        const there = new Set(await readdir(this.placeOf(view)));
        files.push({ view, names: NAMES.filter((name) => there.has(name)) });
      }
      await writeFileAtomically(join(this.#folder, GROWING, LIST), JSON.stringify(files));
      await rename(join(this.#folder, GROWING), join(this.#folder, WHOLE));
    } catch (error) {
      throw unwritable(this.#folder, error);
    }
    await finishSwap(this.#folder);
  }

  /** Drops what was written; the earlier results are those of the folder. */
  async discard(): Promise<void> {
    await rm(join(this.#folder, GROWING), { recursive: true, force: true });
  }
}

/**
 * Ends what a bench was killed over, so that whoever reads the folder finds results of one bench. Does nothing where
 * none was, or where another process is about to.
 * @throws FunprmError `input` when the folder cannot be written
 */
export async function finishKilledSwap(folder: string): Promise<void> {
  if (!(await isThere(join(folder, WHOLE)))) return;
  let lock: Lock;
  try {
    lock = await lockFolder(folder, "bench");
  } catch (error) {
    if (error instanceof FunprmError && error.code === "usage") return;
    throw unwritable(folder, error);
  }
  try {
    await finishSwap(folder);
  } finally {
    await lock.release();
  }
}

/** Moves whole results to their place, if there are any. The folder is locked. */
async function finishSwap(folder: string): Promise<void> {
  const whole = join(folder, WHOLE);
  if (!(await isThere(whole))) return;
  try {
    await moveAll(folder, whole, await readList(join(whole, LIST)));
    // The list goes with the rest: what is left of a folder that is removed must not be taken for results.
    await rename(whole, join(folder, GROWING));
    await rm(join(folder, GROWING), { recursive: true, force: true });
  } catch (error) {
    throw unwritable(folder, error);
  }
}

async function readList(path: string): Promise<z.infer<typeof Files>> {
  const text = await readOwnFile(path);
  try {
    return Files.parse(JSON.parse(text));
  } catch (cause) {
    throw new FunprmError(
      "input",
      `${path}: expected the list of files that a bench was putting in place, got something else. ` +
        "Remove that folder, or run the bench again.",
      { cause },
    );
  }
}

async function moveAll(folder: string, whole: string, files: z.infer<typeof Files>): Promise<void> {
  await removeStaleViews(folder, new Set(files.map(({ view }) => view)));
  for (const { view, names } of files) {
    const place = join(folder, view);
    await mkdir(place, { recursive: true });
    await refuseOutside(folder, place);
    // A page that was not made this time would show other figures; figures go before pages do.
    if (await isThere(join(whole, view, RESULTS_NAME))) await rm(join(place, RESULTS_NAME), { force: true });
    for (const name of NAMES) if (!names.includes(name)) await rm(join(place, name), { force: true });
    for (const name of names) await rename(join(whole, view, name), join(place, name)).catch(missing);
  }
}

/** A link may lead elsewhere. */
async function refuseOutside(folder: string, place: string): Promise<void> {
  const [real, above] = [await realpath(place), await realpath(folder)];
  if (real === above || real.startsWith(above + sep)) return;
  throw new FunprmError(
    "input",
    `${place}: expected a folder inside ${folder}, got a link to ${real}. Remove it.`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** What is not there was moved before. */
function missing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
