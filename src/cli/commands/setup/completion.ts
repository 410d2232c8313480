import { FunprmError } from "../../../core/errors.ts";
import { withOutput } from "../../../console/output.ts";
import type { Invocation } from "../../command.ts";
import { completionScript, SHELLS } from "../../completion.ts";

export async function run({ args, commands = [] }: Invocation): Promise<number> {
  const [name, ...more] = args;
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined || more.length > 0)
    throw new FunprmError(
      "usage",
      `completion: expected one of ${SHELLS.join(", ")}; got ${args.join(" ") || "nothing"}`,
    );
  await withOutput(undefined, (output) => output.write(completionScript(shell, commands)));
  return 0;
}
