/** PSGPO's steps: lines of code. */
import type { StepEnd } from "./partition.ts";
import { isBlank, lineEnd } from "./physical-lines.ts";

/**
 * One step a physical line that is not blank; a blank line goes to the line that follows, trailing ones to
 * the last. `complete` is whether the program is whole: what its last line says.
 */
export function lineSteps(code: string, complete: boolean): StepEnd[] {
  const ends: number[] = [];
  for (let start = 0; start < code.length;) {
    const end = lineEnd(code, start);
    if (!isBlank(code, start, end)) ends.push(end);
    start = end;
  }
  if (ends.length === 0) ends.push(code.length);
  return ends.map((end, index) => ({
    kind: "line",
    name: null,
    end,
    complete: complete || index < ends.length - 1,
  }));
}
