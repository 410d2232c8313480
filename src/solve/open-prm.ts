import type { StepScoring } from "../core/step-rewards.ts";
import type { Step, StepSize } from "../core/step.ts";
import type { Reporter } from "../console/reporter.ts";
import { apiKeyIn } from "../http/endpoint.ts";
import { SampleStore } from "../llm/store/store.ts";
import { budgetOf } from "./sampling/connect.ts";
import { hubSettings } from "../hub/settings.ts";
import { resolvePrm } from "../prm/manifest/resolve.ts";
import { openScorer } from "../prm/open-scorer.ts";
import { storedScorer } from "../prm/stored-scorer.ts";
import { openStore } from "./open-store.ts";
import { PRM_API_KEY_ENV } from "../prm/remote/remote-scorer.ts";
import type { Options } from "../settings/options.ts";
import { VERSION } from "../settings/version.ts";
import { loadPythonParser, splitSteps } from "../steps/index.ts";
import type { Provenance } from "./result-records.ts";

/** A PRM that is ready to score, and its name for results. */
export interface OpenPrm {
  readonly scoring: StepScoring;
  readonly by: Provenance;
}

/** Loads the parser and the PRM that the options name, runs `body`, and closes the PRM whatever happens. */
export async function withPrm<T>(
  options: Options,
  report: Reporter,
  signal: AbortSignal,
  body: (prm: OpenPrm) => Promise<T>,
): Promise<T> {
  const split = await openSplitter(options.steps);
  const folder = await resolvePrm(options.prm, {
    hub: hubSettings(process.env),
    signal,
    onProgress: (file, done, total) => report.progress(`downloading ${file}`, done, total ?? undefined),
  });
  const store = options.verdicts === undefined ? undefined : await openStore(options.verdicts);
  const model = await openScorer(folder, {
    onnx: {
      ...(options.threads === undefined ? {} : { threads: options.threads }),
      ...(options.maxMemory === undefined ? {} : { maxMemoryBytes: options.maxMemory * 2 ** 20 }),
    },
    remote: { apiKey: apiKeyIn(PRM_API_KEY_ENV) },
    chat: {
      store: new SampleStore(options.store, (warning) => report.warn(warning)),
      budget: budgetOf(options),
    },
  });
  const scorer = store === undefined ? model : storedScorer(model, store, options.maxMemory ?? null);
  try {
    const { identity } = scorer;
    if (identity.stepSize !== options.steps) {
      report.warn(
        `${identity.name} was trained on ${identity.stepSize} steps; --steps ${options.steps} is outside that`,
      );
    }
    const aggregate = options.aggregate ?? identity.defaultAggregate;
    const by: Provenance = {
      funprm: VERSION,
      prm: identity.name,
      prm_sha256: identity.sha256,
      steps: options.steps,
      aggregate,
    };
    return await body({ scoring: { split, scorer, aggregate, signal }, by });
  } finally {
    await scorer.close();
    await store?.close();
  }
}

/** A splitter for one step size, its parser loaded. */
export async function openSplitter(size: StepSize): Promise<(code: string) => readonly Step[]> {
  await loadPythonParser();
  return (code) => splitSteps(code, size);
}
