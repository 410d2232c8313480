import type * as OnnxScorer from "../../src/prm/scoring/onnx-scorer.ts";

/** The built scorer: its child is a Node process, and Node 20 cannot run TypeScript. */
export const SCORER = new URL("../../dist/prm/scoring/onnx-scorer.js", import.meta.url).href;

const module: typeof OnnxScorer = await import(SCORER);
export const { openOnnxScorer } = module;
