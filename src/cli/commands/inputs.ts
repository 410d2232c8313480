import type { Problem } from "../../core/problem.ts";
import { createReporter } from "../../console/reporter.ts";
import { withOutput } from "../../console/output.ts";
import { readAllProblems } from "../../formats/all-problems.ts";
import { readOptions } from "../../settings/options.ts";
import { exampleTestsOf } from "../../statement/examples/extract-examples.ts";
import { modelInputs } from "../../statement/model/model-inputs.ts";
import { readInputModel } from "../../statement/model/read-input-model.ts";
import { largeModelInputs } from "../../statement/model/large-model-inputs.ts";
import { modelRecord } from "../../statement/model/model-record.ts";
import type { ModelInput } from "../../statement/model/model-inputs.ts";
import type { Invocation } from "../command.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const problems = await readAllProblems(invocation.args);
  return withOutput(options.out, async (output) => {
    for (const problem of problems) {
      invocation.signal.throwIfAborted();
      const lines = inputLines(problem, options);
      for (const line of lines) await output.write(`${JSON.stringify(line)}\n`);
      if (lines.length === 1) report.note(`${problem.id}: no inputs; its model says what was not understood`);
    }
    return 0;
  });
}

/** The model of a problem, then its inputs. */
function inputLines(
  problem: Problem,
  { count, seed, large }: { readonly count: number; readonly seed: number; readonly large: boolean },
): readonly object[] {
  const model = readInputModel(
    problem,
    exampleTestsOf(problem).map(({ test }) => test),
  );
  const inputs = large ? largeModelInputs(model, { seed }) : modelInputs(model, { count, seed });
  return [{ problem_id: problem.id, model: modelRecord(model) }, ...inputs.map(inputRecord)];
}

function inputRecord({ input, why }: ModelInput): object {
  return input.type === "stdio" ? { input: input.input, why } : { args: input.args, why };
}
