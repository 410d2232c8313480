import { FunprmError } from "../../core/errors.ts";
import { withOutput } from "../../console/output.ts";
import { compareRuns, differenceText } from "../../report/brief/compare-runs.ts";
import { readOptions } from "../../settings/options.ts";
import type { Invocation } from "../command.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const [first, second, ...more] = invocation.args;
  if (first === undefined || second === undefined || more.length > 0)
    throw new FunprmError(
      "usage",
      `compare: expected the folders of two runs; got ${invocation.args.length}`,
    );
  // `select` has a default for solving, and a run has its own: only what was typed counts here.
  const select = invocation.flags["select"] === undefined ? undefined : options.select;
  const difference = await compareRuns({ folder: first, select }, { folder: second, select });
  const text = options.json ? `${JSON.stringify(difference)}\n` : differenceText(difference, [first, second]);
  await withOutput(options.out, (output) => output.write(text));
  return 0;
}
