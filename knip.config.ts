import type { KnipConfig } from "knip";

/**
 * `knip --production` looks at src/ alone: what only tests use is dead code. benchmarks/modules.json lists what the
 * benchmarks take from the build, by path, which no import says.
 */
const config: KnipConfig = {
  entry: [
    "src/index.ts!",
    "src/main.ts!",
    "src/prm/scoring/onnx-child.ts!",
    "src/report/client/start.js!",
    "benchmarks/modules.json!",
    "benchmarks/**/*.mjs",
    "scripts/*.mjs",
    "test/**/*.test.ts",
    "test/**/*.mjs",
  ],
  project: [
    "src/**/*.{ts,js}!",
    "benchmarks/*.json!",
    "benchmarks/**/*.mjs",
    "scripts/**/*.mjs",
    "test/**/*.{ts,mjs}",
  ],
  ignoreBinaries: ["apt-get", "mkfifo", "mount", "umount"],
  compilers: {
    json: (text, path) => (path.endsWith("benchmarks/modules.json") ? importsOf(JSON.parse(text)) : ""),
  },
};

export default config;

/** The list of modules and names as the imports that it stands for. */
function importsOf(modules: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(modules)
    .map(([path, names]) => `import { ${names.join(", ")} } from "../src/${path.replace(/\.js$/, ".ts")}";`)
    .join("\n");
}
