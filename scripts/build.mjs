// Compiles src/ to dist/ and copies the files that the compiler does not know: vendored wasm, the sandbox's Python.
// dist/ is replaced only by a complete build.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const fresh = `${root}dist.${process.pid}`;
const compiler = [
  `${root}node_modules/typescript/bin/tsc`,
  "-p",
  `${root}tsconfig.build.json`,
  "--outDir",
  fresh,
];
const { status } = spawnSync(process.execPath, compiler, { stdio: "inherit" });
if (status === 0) {
  cpSync(`${root}src`, fresh, { recursive: true, filter: (path) => !path.endsWith(".ts") });
  chmodSync(`${fresh}/main.js`, 0o755);
  rmSync(`${root}dist`, { recursive: true, force: true });
  renameSync(fresh, `${root}dist`);
} else {
  rmSync(fresh, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}
