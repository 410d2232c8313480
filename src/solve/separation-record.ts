import type { Selection } from "../core/selector.ts";
import { PREDICTION, SEPARATION } from "../select/execution/separation.ts";
import type { SeparationReport } from "../separate/separation.ts";

/** What an LLM's help came to, and whether it decided, on one line. */
export function separationText({ outcomes }: SeparationReport, { decidedBy }: Selection): string {
  const told = Object.values(outcomes).map((outcome) => outcome.told);
  const effect = hasDecided(decidedBy) ? `it decided (${decidedBy ?? ""})` : "it changed nothing";
  return `help to separate: ${[...told, effect].join("; ")}`;
}

/** The same for `--json`: each help by its name, and the inputs that programs ran on because of it. */
export function separationRecord({ outcomes, inputs }: SeparationReport, { decidedBy }: Selection): object {
  return {
    decided: hasDecided(decidedBy),
    ...outcomes,
    inputs: inputs.map((input) => (input.type === "stdio" ? { input: input.input } : { args: input.args })),
  };
}

function hasDecided(decidedBy: string | null): boolean {
  return decidedBy === SEPARATION || decidedBy === PREDICTION;
}
