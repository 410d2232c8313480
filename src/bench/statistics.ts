/** The statistics of evaluation: pure functions of verdicts and picks. */
export { auc } from "./statistics/auc.ts";
export {
  bootstrapMeans,
  percentileInterval,
  type BootstrapOptions,
  type Estimate,
} from "./statistics/bootstrap.ts";
export {
  compareByGroup,
  compareSelectors,
  type Comparison,
  type ComparisonOptions,
  type Picks,
  type SelectorSummary,
} from "./statistics/compare-selectors.ts";
export { mcnemarExact } from "./statistics/mcnemar.ts";
export {
  isMixed,
  oracleRate,
  outcomeOf,
  randomRate,
  type GradedProblem,
  type Outcome,
  type Pick,
} from "./statistics/outcome.ts";
export { pairedDifference, type PairedDifference } from "./statistics/paired.ts";
export { meanPassAtK, passAtK } from "./statistics/pass-at-k.ts";
