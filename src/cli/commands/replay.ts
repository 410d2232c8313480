import { once } from "node:events";
import { FunprmError } from "../../core/errors.ts";
import type { Candidate } from "../../core/candidate.ts";
import { candidateOptions, readCandidates } from "../../formats/candidates.ts";
import { readStatements } from "../../formats/problems.ts";
import { parseFault } from "../../replay/fault.ts";
import { startReplayServer } from "../../replay/server.ts";
import { replayContinuations } from "../../rollout/replayed.ts";
import type { Invocation } from "../command.ts";
import { refuseStdinTwice } from "../stdin-once.ts";
import { readOptions } from "../../settings/options.ts";
import { printLine } from "../../console/output.ts";
import { createReporter } from "../../console/reporter.ts";

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  if (options.problems === undefined) {
    throw new FunprmError("usage", "replay knows a problem by its statement: give --problems FILE");
  }
  refuseStdinTwice([options.problems, ...invocation.args]);
  const faults = options.fault.map((spec) => parseFault(spec, options.seed));
  const problems = await readStatements(options.problems);
  const candidates: Candidate[] = [];
  for await (const candidate of readCandidates(invocation.args, candidateOptions(problems))) {
    // Pools write ids in other ways than problem files do.
    const problemId = problems.get(candidate.problemId)?.id ?? candidate.problemId;
    candidates.push({ ...candidate, problemId });
  }
  let answered = 0;
  const server = await startReplayServer({
    problems: problems.values(),
    candidates,
    port: options.port,
    latencyMs: options.latency,
    faults,
    cycle: options.cycle,
    continuations: replayContinuations,
    onExchange: ({ delivered }) => report.progress("answered", (answered += delivered ? 1 : 0)),
  });
  await printLine(server.url);
  report.note(`replaying ${server.candidates} candidates of ${server.problems} problems; Ctrl-C stops`);
  if (!invocation.signal.aborted) await once(invocation.signal, "abort");
  await server.close();
  report.clear();
  return 0;
}
