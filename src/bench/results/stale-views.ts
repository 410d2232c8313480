import { readdir, rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { REPORT_FILES } from "../../report/report-files.ts";
import { unwritable } from "../../files/write-refusal.ts";
import { BY_SAMPLER, POOLED } from "./pool-views.ts";
import { PROBLEMS_NAME, RESULTS_NAME } from "./write-run.ts";

/** What a bench leaves in a view's folder; figures first, so that a kill never leaves them without their pages. */
const WRITTEN = [RESULTS_NAME, PROBLEMS_NAME, ...REPORT_FILES];

/**
 * Removes what earlier benches wrote of views that this one does not have: they would look as if they
 * were of the same run. Folders go with it when nothing else is in them.
 * @param current folders of this bench's views, as in `View`
 * @throws FunprmError `input` when the folder cannot be written
 */
export async function removeStaleViews(folder: string, current: ReadonlySet<string>): Promise<void> {
  const samplers = await foldersIn(join(folder, BY_SAMPLER));
  const found = [
    ...(await foldersIn(folder)).filter((name) => name === POOLED),
    ...samplers.map((name) => `${BY_SAMPLER}/${name}`),
  ];
  try {
    for (const view of found.filter((each) => !current.has(each))) {
      const place = join(folder, view);
      for (const name of WRITTEN) await rm(join(place, name), { force: true });
      await removeIfEmpty(place);
    }
    if (samplers.length > 0) await removeIfEmpty(join(folder, BY_SAMPLER));
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** Names of the folders there, links left out. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function removeIfEmpty(folder: string): Promise<void> {
  if ((await readdir(folder)).length === 0) await rmdir(folder);
}
