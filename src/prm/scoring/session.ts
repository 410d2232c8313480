import type * as Ort from "../../bundled/onnxruntime.ts";
import { FunprmError } from "../../core/errors.ts";

export type Runtime = typeof Ort;

export interface SessionOptions {
  /** Execution providers, tried in order. */
  readonly providers: readonly string[];
  /** Threads within one operation. */
  readonly threads: number;
}

/** A loaded graph. */
export interface OpenSession {
  readonly ort: Runtime;
  readonly session: Ort.InferenceSession;
  /** The execution provider that took the graph. */
  readonly provider: string;
}

/**
 * Loads a graph with the first execution provider that takes it.
 *
 * @throws FunprmError("model") when none does.
 */
export async function openSession(
  path: string,
  { providers, threads }: SessionOptions,
): Promise<OpenSession> {
  const ort = await importRuntime();
  const reasons: string[] = [];
  for (const provider of providers) {
    try {
      // One at a time: a list with an absent provider is refused as a whole instead of falling back.
      const session = await ort.InferenceSession.create(path, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        logSeverityLevel: 3,
      });
      return { ort, session, provider };
    } catch (error) {
      reasons.push(`${provider}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new FunprmError(
    "model",
    `${path}: expected an ONNX graph that one of the execution providers ${providers.join(", ")} can load, got: ${reasons.join("; ")}. ` +
      'Use the provider "cpu", or export the model again.',
  );
}

async function importRuntime(): Promise<Runtime> {
  // Without it, the native library writes a device id into the user's cache folder and reports to its maker.
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
  try {
    return await import("../../bundled/onnxruntime.ts");
  } catch (cause) {
    throw new FunprmError(
      "model",
      `expected ONNX Runtime's native library for ${process.platform}/${process.arch}, got ${String(cause)}. ` +
        "Use Linux or Windows on x64 or arm64, or macOS on arm64, and install funprm there again.",
      { cause },
    );
  }
}
