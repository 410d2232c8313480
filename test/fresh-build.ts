import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Builds dist/ once before the tests that run it, unless no source is newer: none of them sees an old build. */
export default function build(): void {
  if (newest("src") < newest("dist")) return;
  const { status } = spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { stdio: "inherit" });
  if (status !== 0) throw new Error("expected src/ to compile; mend what the compiler says above");
}

/** When the latest change below a folder was made, milliseconds; 0 for a folder that is not there. */
function newest(folder: string): number {
  if (!existsSync(join(root, folder))) return 0;
  const files = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return Math.max(...files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs));
}
