import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Compiled extends AsyncDisposable {
  /** Folder with `llm/` and `core/` as JavaScript, inside the repository so that dependencies are found. */
  readonly directory: string;
}

/** Compiles src/llm and src/core for child processes, apart from dist/, which other work may be rebuilding. */
export async function compileLlm(): Promise<Compiled> {
  const cache = join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, "funprm-test-llm-"));
  const config = join(directory, "tsconfig.json");
  await writeFile(
    config,
    JSON.stringify({
      extends: join(root, "tsconfig.build.json"),
      compilerOptions: { rootDir: join(root, "src"), outDir: directory, declaration: false },
      include: [join(root, "src/llm"), join(root, "src/core")],
    }),
  );
  await promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", config]);
  await cp(join(root, "src/llm/prices.json"), join(directory, "llm/prices.json"));
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
}
