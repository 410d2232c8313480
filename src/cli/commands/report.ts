import { FunprmError } from "../../core/errors.ts";
import { writeIndexPage } from "../../report/brief/index-page.ts";
import { renderRun } from "../../report/render-run.ts";
import type { Invocation } from "../command.ts";
import { readOptions } from "../../settings/options.ts";
import { printLine } from "../../console/output.ts";
import { createReporter } from "../../console/reporter.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const [folder, ...more] = invocation.args;
  if (folder === undefined || more.length > 0) {
    throw new FunprmError("usage", `report: expected one run's folder; got ${invocation.args.length}`);
  }
  if (options.index) {
    if (options.summary || options.out !== undefined)
      throw new FunprmError(
        "usage",
        "report --index writes index.html into the folder of the runs: leave out --summary and --out",
      );
    await printLine(await writeIndexPage(folder));
    return 0;
  }
  const reporter = createReporter(options.quiet);
  // `select` has a default for solving, and a run has its own: only what was typed counts here.
  const select = invocation.flags["select"] === undefined ? {} : { select: options.select };
  let summary: readonly string[] = [];
  const page = await renderRun(folder, {
    ...select,
    ...(options.out === undefined ? {} : { out: options.out }),
    ...(options.title === undefined ? {} : { title: options.title }),
    readability: options.readability,
    onSummary: (lines) => (summary = lines),
    onProgress: (problems) => reporter.progress("rendering", problems),
  });
  reporter.clear();
  await printLine(options.summary ? summary.join("\n") : page);
  return 0;
}
