import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { mergeShards } from "../../bench/shard/merge-shards.ts";
import { openOutput } from "../../console/output.ts";
import type { Reporter } from "../../console/reporter.ts";
import { EXIT_CODE, FunprmError } from "../../core/errors.ts";
import { lockFolder } from "../../files/lock.ts";
import { unwritable } from "../../files/write-refusal.ts";
import { benchTables } from "../../report/bench-tables.ts";
import { PAGE } from "../../report/report-files.ts";
import type { Options } from "../../settings/options.ts";
import { renderPages } from "./render-pages.ts";

/** `merge` of the folders of benches. */
export async function mergeBenches(
  folders: readonly string[],
  { out, speedRatio }: Options,
  report: Reporter,
): Promise<number> {
  if (out === undefined)
    throw new FunprmError("usage", "expected the folder for the results of all shards: name it with --out");
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw unwritable(out, error);
  });
  const lock = await lockFolder(out, "bench");
  try {
    const { views, unjudged } = await mergeShards(folders, out, {
      speedRatio,
      render: (place) => renderPages(place, report),
    });
    report.clear();
    const output = await openOutput(undefined);
    await output.write(views.map(({ data }, at) => benchTables(data, { groups: at === 0 })).join("\n"));
    for (const { folder } of views) {
      const page = join(out, folder, PAGE);
      if (existsSync(page)) report.note(`report: ${page}`);
    }
    if (unjudged === 0) return 0;
    report.error(`${unjudged} candidates could not be judged`);
    return EXIT_CODE.grading;
  } catch (error) {
    throw unwritable(out, error);
  } finally {
    await lock.release();
  }
}
