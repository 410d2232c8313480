import { readdirSync, readFileSync } from "node:fs";
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

/** What a test imports or calls when it runs the build, the sandbox, Python or a browser, or needs its process alone. */
const SYSTEM =
  /child_process|open-sandbox|run-cli|\/npm\.ts|\/browser\.ts|dist\/|built-scorer|process\.chdir|vi\.mock\(/;

const tests = readdirSync("test", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => `test/${name}`);
const systemTests = tests.filter((file) => SYSTEM.test(readFileSync(file, "utf8")));

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
          exclude: systemTests,
          // Nothing here changes what its neighbours import, and to load the modules anew is most of a file's time.
          isolate: false,
        },
      },
      { extends: true, test: { name: "system", include: systemTests, globalSetup: "test/fresh-build.ts" } },
    ],
  },
});
