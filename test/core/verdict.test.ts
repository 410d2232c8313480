import { expect, test } from "vitest";
import { passedOf, VERDICTS } from "../../src/core/verdict.ts";

test("only pass passes, and only infra_error says nothing", () => {
  expect(VERDICTS.filter((verdict) => passedOf(verdict) === true)).toEqual(["pass"]);
  expect(VERDICTS.filter((verdict) => passedOf(verdict) === null)).toEqual(["infra_error"]);
});
