// Written by funprm_training.research.choice.fit; models/choice/README.md says on what.

/** In the order of CANDIDATE_FEATURES, then GROUP_FEATURES. */
export const CANDIDATE_WEIGHTS: readonly number[] = [
  0.0378, 0.0, 0.6513, 1.0967, 0.1962, 0.145, 0.0, 0.0, 0.0, 0.0, 1.2071, -1.011, 0.404, -0.7298, 0.0, 0.395,
  -1.1488, -0.928, 0.852,
];

/** In the order of GROUP_FEATURES. */
export const NONE_WEIGHTS: readonly number[] = [
  0.8707, -0.5069, 0.1716, 0.0, -1.3058, 0.1274, 0.8797, -0.6306,
];
