import { defineConfig, type Plugin } from "vitest/config";
import { clientBundle } from "./scripts/client-bundle.mjs";

/** The module that the build puts into dist/, for tests that render pages from the sources. */
const page: Plugin = {
  name: "client-bundle",
  enforce: "pre",
  resolveId: (id) => (id.endsWith("/client-bundle.js") ? "\0client-bundle" : undefined),
  load: (id) => (id === "\0client-bundle" ? clientBundle() : undefined),
};

export default defineConfig({
  plugins: [page],
  test: { include: ["test/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 60_000 },
});
