import { z } from "zod";

/** The first test that did not pass, as files keep it; texts are shortened, `…` marks the cut. */
export const failedTestSchema = z
  .object({
    /** From 0, examples before hidden tests; EvalPlus: base before plus inputs. */
    index: z.number().int().nonnegative(),
    /** `TestCases.test_empty` for unittest. */
    name: z.string().exactOptional(),
    input: z.string().exactOptional(),
    expected: z.string().exactOptional(),
    actual: z.string().exactOptional(),
    /** What was raised, or why there is no verdict. */
    message: z.string().exactOptional(),
  })
  .readonly();

export type FailedTest = z.infer<typeof failedTestSchema>;
