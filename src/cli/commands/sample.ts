import { candidateLine } from "../../formats/candidate-lines.ts";
import type { Invocation } from "../command.ts";
import { readOptions } from "../../settings/options.ts";
import { printForecast } from "../../console/forecast.ts";
import { withOutput } from "../../console/output.ts";
import { readAllProblems } from "../../formats/all-problems.ts";
import { createReporter } from "../../console/reporter.ts";
import { openSampling } from "../../solve/sampling/sampling.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const problems = await readAllProblems(invocation.args);
  const sampling = await openSampling(options, report);
  try {
    if (options.dryRun) {
      await printForecast(await sampling.forecast(problems), options);
      return 0;
    }
    return await withOutput(options.out, async (output) => {
      let count = 0;
      for await (const candidate of sampling.candidates(problems, invocation.signal)) {
        await output.write(`${candidateLine(candidate)}\n`);
        count += 1;
      }
      report.clear();
      report.note(
        `sampled ${count} candidates of ${problems.length} problems; they are kept in ${options.store}`,
      );
      return 0;
    });
  } finally {
    await sampling.close();
  }
}
