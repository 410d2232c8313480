// Compiles src/ to dist/, bundles the report page's script and style and what is used of two packages, and copies the
// files that the compiler does not know: vendored wasm, the sandbox's Python.
// dist/ is replaced only by a complete build.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundlePackages } from "./bundled-packages.mjs";
import { clientBundle } from "./client-bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const fresh = `${root}dist.${process.pid}`;
const compiler = [
  `${root}node_modules/typescript/bin/tsc`,
  "-p",
  `${root}tsconfig.build.json`,
  "--outDir",
  fresh,
];
const bundle = await clientBundle();
const { status } = spawnSync(process.execPath, compiler, { stdio: "inherit" });
if (status === 0) {
  const client = `${root}src/report/client`;
  cpSync(`${root}src`, fresh, {
    recursive: true,
    filter: (path) => !path.endsWith(".ts") && path !== client,
  });
  await bundlePackages(`${fresh}/bundled`);
  writeFileSync(`${fresh}/report/page/client-bundle.js`, bundle);
  chmodSync(`${fresh}/main.js`, 0o755);
  rmSync(`${root}dist`, { recursive: true, force: true });
  renameSync(fresh, `${root}dist`);
} else {
  rmSync(fresh, { recursive: true, force: true });
  process.exitCode = status ?? 1;
}
