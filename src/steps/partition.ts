/** From the ends of a program's functions to steps without gaps. */
import type { Step } from "../core/step.ts";
import { countLineEnds } from "./physical-lines.ts";

/** Where a step ends and what it is called; it begins where the one before it ends. */
export interface StepEnd {
  readonly kind: Step["kind"];
  readonly name: string | null;
  /** Offset behind the terminator of the step's last line. */
  readonly end: number;
  readonly complete: boolean;
}

/** Steps from ascending ends; what follows the last end belongs to the last step. "" has no steps. */
export function partition(code: string, ends: readonly StepEnd[]): Step[] {
  if (code === "") return [];
  const steps: Step[] = [];
  let start = 0;
  let startLine = 1;
  for (const [index, { kind, name, end: functionEnd, complete }] of ends.entries()) {
    const end = index === ends.length - 1 ? code.length : functionEnd;
    const lineEnds = countLineEnds(code, start, end);
    const endLine = startLine + lineEnds - (endsLine(code, end) ? 1 : 0);
    steps.push({ index, kind, name, startLine, endLine, start, end, complete });
    start = end;
    startLine += lineEnds;
  }
  return steps;
}

function endsLine(code: string, end: number): boolean {
  const last = code[end - 1];
  return last === "\n" || last === "\r";
}
