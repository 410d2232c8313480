import { readCandidates } from "../../formats/candidates.ts";
import { readProgram } from "../../formats/program.ts";
import type { Invocation } from "../command.ts";
import { openSplitter } from "../../solve/open-prm.ts";
import { readOptions } from "../../settings/options.ts";
import { withOutput } from "../../console/output.ts";
import { stepRecords } from "../../solve/result-records.ts";
import { createReporter } from "../../console/reporter.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const split = await openSplitter(options.steps);
  const source = invocation.args[0] ?? "-";
  return withOutput(options.out, async (output) => {
    if (!options.jsonl) {
      const code = await readProgram(source);
      for (const record of stepRecords(code, split(code))) await output.write(`${JSON.stringify(record)}\n`);
      return 0;
    }
    let done = 0;
    for await (const { problemId, sampleIndex, code } of readCandidates([source], {
      onDuplicate: (message) => report.warn(message),
    })) {
      const steps = stepRecords(code, split(code));
      await output.write(`${JSON.stringify({ problem_id: problemId, sample_index: sampleIndex, steps })}\n`);
      report.progress("split", (done += 1));
      invocation.signal.throwIfAborted();
    }
    report.clear();
    return 0;
  });
}
