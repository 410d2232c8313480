import { JUDGE_PROMPT_SHA256 } from "../bench/stages/judge-prompt.ts";
import type { AskJudge } from "../bench/stages/judge-stage.ts";
import type { Reporter } from "../console/reporter.ts";
import type { Budget } from "../llm/cost/budget.ts";
import type { Options } from "../settings/options.ts";
import { type Asking, openAsking } from "./open-asking.ts";

export interface Judging extends Pick<Asking, "forecast" | "close"> {
  readonly ask: AskJudge;
  /** What graded, for results. */
  readonly by: Readonly<Record<string, unknown>>;
}

/** Connects the LLM that `--judge` names, at the address that samples come from; null without one. Nothing is sent yet. */
export async function openJudge(
  options: Options,
  report: Reporter,
  budget: Budget | undefined,
): Promise<Judging | null> {
  if (options.judge === undefined) return null;
  const asking = await openAsking(options.judge, options, report, budget);
  return {
    ask: (jobs, { signal, onProgress }) =>
      asking.ask(jobs, { signal, onProgress: ({ done, total }) => onProgress(done, total) }),
    forecast: (jobs) => asking.forecast(jobs),
    by: { ...asking.by, prompt_sha256: JUDGE_PROMPT_SHA256 },
    close: () => asking.close(),
  };
}
