import type { Step, StepSize } from "../../core/step.ts";
import type { GatheredGroup } from "../pool-evidence.ts";
import { assemble, type Assembled, type AssembleOptions } from "./assemble.ts";
import type { View } from "./pool-views.ts";

/** What all views of a run have in common. */
export interface ViewRun extends Omit<AssembleOptions, "complete" | "split"> {
  /** false when sampling was cut short. */
  readonly sampled: boolean;
  readonly mixedOnly: boolean;
  readonly split: (code: string, size: StepSize) => readonly Step[];
  readonly stepSize: StepSize;
}

/** The tables and pages of a view out of the rows that are done; null while none has a verdict. */
export function assembleView(view: View, gathered: readonly GatheredGroup[], run: ViewRun): Assembled | null {
  const complete = run.sampled && gathered.length === view.groups.length;
  if (!gathered.some(({ judgements }) => judgements.some(({ passed }) => passed !== null))) return null;
  return assemble(gathered, {
    ...run,
    title: view.name === "" ? run.title : `${run.title}, ${view.name}`,
    complete,
    notes: [
      ...run.notes,
      ...view.notes,
      ...(run.mixedOnly
        ? [
            "Evidence was gathered only where candidates differ in their verdict; elsewhere every choice comes to the same.",
          ]
        : []),
      ...(complete ? [] : [`Cut short: ${gathered.length} of ${view.groups.length} rows are done.`]),
    ],
    split: (code) => run.split(code, run.stepSize),
  });
}
