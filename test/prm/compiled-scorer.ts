import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type * as OnnxScorer from "../../src/prm/scoring/onnx-scorer.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The scorer compiled to JavaScript: its child is a Node process, and Node 20 cannot run TypeScript. */
export interface CompiledScorer {
  readonly openOnnxScorer: typeof OnnxScorer.openOnnxScorer;
  /** The compiled module, for tests that need a process of their own. */
  readonly url: string;
  remove(): Promise<void>;
}

/**
 * Compiles the scorer from the sources as they are now, so that no test runs against an old dist/.
 * The folder lies in node_modules, where the compiled files find their packages.
 */
export async function compileScorer(): Promise<CompiledScorer> {
  const cache = join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const outDir = await mkdtemp(join(cache, "funprm-test-"));
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const project = fileURLToPath(new URL("tsconfig.json", import.meta.url));
  await promisify(execFile)(process.execPath, [compiler, "-p", project, "--outDir", outDir]);
  const url = pathToFileURL(join(outDir, "prm", "scoring", "onnx-scorer.js")).href;
  const module: typeof OnnxScorer = await import(url);
  return {
    openOnnxScorer: module.openOnnxScorer,
    url,
    remove: () => rm(outDir, { recursive: true, force: true }),
  };
}
