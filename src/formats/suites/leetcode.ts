import { z } from "zod";
import type { Problem } from "../../core/problem.ts";
import { LIVECODEBENCH_PRELUDE } from "./livecodebench-prelude.ts";
import { checked, facts, Id, programShape, Text, type ProblemForm } from "../problem-form.ts";
import { sourceTest } from "../tests.ts";

/** Tests without a statement, for LeetCode problems that another file states: `{slug, entry_point, prompt, test}`. */
const LeetCodeTests = z.object({
  slug: Id,
  entry_point: z.string().min(1),
  prompt: Text,
  test: z.string().min(1),
});

/**
 * The problem has an empty statement and `meta.testsOnly`; `withSuiteTests` gives its tests to the problem of the
 * same title. `prompt` holds the imports LeetCode runs before every program.
 */
export const leetcodeForm: ProblemForm = {
  name: "LeetCode tests",
  shape: '{"slug", "entry_point", "prompt", "test"}',
  recognise: (record) => "slug" in record && "test" in record && "entry_point" in record,
  parse(record, { record: raw, tests }) {
    const fields = checked(LeetCodeTests, record, raw, "LeetCode tests");
    return {
      id: fields.slug,
      title: fields.slug,
      statement: "",
      ...programShape("", fields.entry_point),
      starterCode: "",
      exampleTests: [],
      ...(tests === "keep" && {
        hiddenTests: { form: "list", tests: [sourceTest(fields.test, fields.entry_point, raw, "test")] },
      }),
      ...(fields.prompt !== undefined && { preamble: fields.prompt }),
      meta: facts({ suite: "leetcode", testsOnly: true }),
    };
  },
};

/** The slug of a title: `Sum in a Matrix` is `sum-in-a-matrix`. */
export function slugOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/['’]/g, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

/**
 * The stated problem with the tests and the entry point of a record that holds tests only. The record's preamble brings LeetCode's
 * classes; LiveCodeBench's follows it, since that is what its programs were written for.
 */
export function withSuiteTests(problem: Problem, suite: Problem): Problem {
  return {
    ...problem,
    kind: suite.kind,
    ...(suite.entryPoint !== undefined && { entryPoint: suite.entryPoint }),
    ...(suite.hiddenTests !== undefined && { hiddenTests: suite.hiddenTests }),
    preamble: `${suite.preamble ?? ""}\n${LIVECODEBENCH_PRELUDE}`,
  };
}
