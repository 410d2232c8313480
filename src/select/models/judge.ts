import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

const grade = candidateEvidence("judge", (candidate) => candidate.judgeGrade);

/** An LLM judge's grade. */
export const judge: Selector = {
  name: "judge",
  title: "LLM judge",
  select: (pool) => selectByEvidence(pool, [grade]),
};
