/** To be raised when the grader gives other verdicts: kept ones are then made again. */
export const GRADING_VERSION = 5;
