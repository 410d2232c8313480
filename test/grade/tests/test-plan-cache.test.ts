import { expect, test } from "vitest";
import type { Problem } from "../../../src/core/problem.ts";
import { PlanCache } from "../../../src/grade/tests/test-plan-cache.ts";
import { ReferenceCache } from "../../../src/grade/tests/reference-cache.ts";
import { FakeSandbox } from "../../sandbox/fake-sandbox.ts";
import { DEFAULT_LIMITS } from "../../../src/sandbox/sandbox.ts";

const TOOLS = { sandbox: new FakeSandbox(new Map()), cache: new ReferenceCache(), limits: DEFAULT_LIMITS };

/** A problem whose plan weighs as much as its input is long. */
function problem(id: string, size: number): Problem {
  const shape = { kind: "stdin", starterCode: "", exampleTests: [], meta: {} } as const;
  const test = { type: "stdio", input: "x".repeat(size), output: "" } as const;
  return { id, statement: "", ...shape, hiddenTests: { form: "list", tests: [test] } };
}

test("keeps the latest plans up to its bound, and makes a dropped one again", async () => {
  const made: string[] = [];
  const lookup = (id: string) => {
    made.push(id);
    return Promise.resolve(problem(id, 4));
  };
  const cache = new PlanCache(lookup, TOOLS, 10);
  for (const id of ["a", "b", "a", "c", "a", "b"]) await cache.get(id);
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("a plan that is still being made is not dropped, and weighs once", async () => {
  const made: string[] = [];
  let ready = (): void => undefined;
  const slow = new Promise<void>((resolve) => (ready = resolve));
  const lookup = async (id: string) => {
    made.push(id);
    if (id === "slow") await slow;
    return problem(id, id === "huge" ? 20 : 4);
  };
  const cache = new PlanCache(lookup, TOOLS, 10);
  const waiting = cache.get("slow");
  await cache.get("huge");
  ready();
  expect(await waiting).toBe(await cache.get("slow"));
  for (const id of ["a", "slow", "a", "slow"]) await cache.get(id);
  expect(made).toEqual(["slow", "huge", "a"]);
});
