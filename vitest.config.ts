import { availableParallelism } from "node:os";
import { defineConfig, type Plugin } from "vitest/config";
import { clientBundle } from "./scripts/client-bundle.mjs";

/** The module that the build puts into dist/, for tests that render pages from the sources. */
const page: Plugin = {
  name: "client-bundle",
  enforce: "pre",
  resolveId: (id) => (id.endsWith("/client-bundle.js") ? "\0client-bundle" : undefined),
  load: (id) => (id === "\0client-bundle" ? clientBundle() : undefined),
};

/** Tests that start programs (the built funprm, the sandbox, Python, a browser), change directory or replace a module. */
const SYSTEM = [
  "test/bench/source/**",
  "test/bench/stages/execution-stage.test.ts",
  "test/cli/**",
  "test/console/output.test.ts",
  "test/examples/verdicts.test.ts",
  "test/files/folder-lock.test.ts",
  "test/grade/grader.test.ts",
  "test/grade/grading-version.test.ts",
  "test/llm/key-leak.test.ts",
  "test/llm/kill.test.ts",
  "test/prm/remote/**",
  "test/prm/scoring/onnx-scorer.test.ts",
  "test/report/page/**",
  "test/report/render-run.test.ts",
  "test/rollout/collect.test.ts",
  "test/sandbox/**",
  "test/statement/run/run-examples.test.ts",
].map((pattern) => pattern.replace(/\/\*\*$/, "/**/*.test.ts"));

export default defineConfig({
  plugins: [page],
  test: {
    // A test hangs only after this, also on a machine with much else to do.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: Math.max(2, availableParallelism()),
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: SYSTEM,
          // Nothing here changes what its neighbours import, and to load the modules anew is most of a file's time.
          isolate: false,
        },
      },
      { extends: true, test: { name: "system", include: SYSTEM, globalSetup: "test/fresh-build.ts" } },
    ],
  },
});
