import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Reporter } from "../../console/reporter.ts";
import { FunprmError } from "../../core/errors.ts";
import { REPORT_FILES } from "../../report/report-files.ts";

/** The pages of results in a folder. A page that cannot be made is no reason to lose the results. */
export async function renderPages(place: string, report: Reporter): Promise<void> {
  const { renderRun } = await import("../../report/render-run.ts");
  try {
    await renderRun(place, { onProgress: (problems) => report.progress("rendering", problems) });
  } catch (error) {
    if (!(error instanceof FunprmError)) throw error;
    for (const name of REPORT_FILES) await rm(join(place, name), { force: true });
    report.warn(`the results have no page, because it could not be made: ${error.message}`);
  }
}
