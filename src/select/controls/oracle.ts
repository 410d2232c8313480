import { candidateCriterion, selectorBy } from "../criterion.ts";

/** The upper bound: looks at the hidden tests' verdict. For evaluation only. */
export const oracle = selectorBy("oracle", "oracle (upper bound)", [
  candidateCriterion("verdict", ["verdict"], ({ passed }) =>
    passed === undefined ? undefined : Number(passed),
  ),
]);
