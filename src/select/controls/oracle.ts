import { candidateEvidence } from "../evidence.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

const verdict = candidateEvidence("verdict", ({ passed }) =>
  passed === undefined ? undefined : Number(passed),
);

/** The upper bound: looks at the hidden tests' verdict. For evaluation only. */
export const oracle: Selector = {
  name: "oracle",
  title: "oracle (upper bound)",
  select: (pool) => selectByEvidence(pool, [verdict]),
};
