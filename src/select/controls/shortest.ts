import { candidateCriterion, selectorBy } from "../criterion.ts";

/** The shortest program that is there at all, in characters. A control, as `longest`. */
export const shortest = selectorBy("shortest", "shortest program", [
  candidateCriterion("brevity", [], ({ code }) => (code === null ? undefined : -code.trim().length)),
]);
