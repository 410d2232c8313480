import { describe, expect, it } from "vitest";
import { z } from "zod";
import { expectedOf, pathOf, valueAt } from "../../src/core/expected.ts";

const KNOWN: readonly (readonly [z.ZodType, unknown, string])[] = [
  [z.coerce.number(), "many", "a number"],
  [z.coerce.number().int().positive(), "0", "a number above 0"],
  [z.coerce.number().int().positive(), "1.5", "a whole number"],
  [z.int().min(0), -1, "a number of at least 0"],
  [z.number().max(2), 3, "a number of at most 2"],
  [z.number().lt(2), 3, "a number below 2"],
  [z.string(), 7, "a string"],
  [z.string(), undefined, "a string"],
  [z.string().min(1), "", "text that is not empty"],
  [z.string().max(3), "four", "text of at most 3 characters"],
  [z.boolean(), "yes", "true or false"],
  [z.url({ protocol: /^https?$/ }), "ftp://x", "an address that begins with http:// or https://"],
  [z.url(), "x", "an address that begins with http:// or https://"],
  [z.iso.date(), "2025-02-30", "a day as YYYY-MM-DD"],
  [z.enum(["a", "b"]), "c", 'one of "a"|"b"'],
  [z.literal("x"), "c", '"x"'],
  [z.array(z.string()).min(1), [], "a list that is not empty"],
  [z.array(z.string()).max(1), ["a", "b"], "a list of at most 1 entries"],
  [z.array(z.string()), {}, "a list"],
  [z.record(z.string(), z.number()), [], "an object"],
  [z.union([z.string(), z.array(z.string())]), 3, "a string or a list"],
  [z.strictObject({ a: z.string().optional() }), { b: 1 }, 'no field "b"'],
  [z.string().regex(/^x+$/), "y", "text of the form /^x+$/"],
  [z.string().refine((text) => text === "x", "expected an x"), "y", "an x"],
  [z.string().refine((text) => text === "x"), "y", "another value"],
  [z.number().multipleOf(5), 3, "a multiple of 5"],
];

describe("what a schema expects, in our words", () => {
  it.each(KNOWN.map(([schema, value, text]) => ({ value, text, schema })))(
    "$text for $value",
    ({ schema, value, text }) => {
      const [issue] = schema.safeParse(value).error?.issues ?? [];
      expect(issue && expectedOf(issue)).toBe(text);
      expect(text).not.toMatch(/Invalid|received|NaN|Too |Unrecognized/);
    },
  );

  it("names the place, and what is there", () => {
    const schema = z.object({ a: z.array(z.object({ b: z.string() })) });
    const value = { a: [{ b: "x" }, { b: 3 }] };
    const [issue] = schema.safeParse(value).error?.issues ?? [];
    expect(issue && pathOf(issue)).toBe("a[1].b");
    expect(issue && valueAt(value, issue.path)).toBe(3);
    expect(valueAt(value, ["a", 7, "b"])).toBeUndefined();
    expect(valueAt({}, ["constructor", "name"])).toBeUndefined();
    expect(pathOf({ path: [] })).toBe("");
  });
});
