// Written by funprm_training.research.choice.fit; models/choice/README.md says on what.

/** In the order of CANDIDATE_FEATURES, then GROUP_FEATURES. */
export const CANDIDATE_WEIGHTS: readonly number[] = [
  0.4329, 1.4061, 0.428, 0.912, 1.5572, 0.0, 0.7254, 0.493, 0.8178, 0.4033, 0.0, -0.6351, -3.0829, -0.8248,
  1.017, 1.7509, -0.3119, -0.4112, 0.1795,
];

/** In the order of GROUP_FEATURES. */
export const NONE_WEIGHTS: readonly number[] = [
  0.3119, 2.2421, -0.3495, -1.7143, -3.2962, -1.2744, 1.1423, -0.2105,
];
