import { z } from "zod";

/** `3/8`: the fourth of eight parts of the work. */
export const shardOption = z
  .string()
  .regex(/^\d+\/\d+$/, "expected INDEX/COUNT, such as 0/8 to 7/8")
  .transform((typed) => {
    const [index = 0, count = 0] = typed.split("/").map(Number);
    return { index, count };
  })
  .refine(
    ({ index, count }) => index < count && count <= 100_000,
    "expected an index from 0 to COUNT - 1, such as 7/8",
  );
