import type { Method } from "../core/best-of-n.ts";
import { stepRewards } from "../core/best-of-n.ts";
import { recordedConfidence } from "../core/sampler-confidence.ts";
import type { Reporter } from "../console/reporter.ts";
import { ownTestsSource } from "../own-tests/own-tests-source.ts";
import type { OwnTests } from "../own-tests/project.ts";
import { endingAtOnce } from "../sandbox/ending-at-once.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { ownTestsThen } from "../select/execution/own-tests.ts";
import { selectorByName } from "../select/index.ts";
import type { Options } from "../settings/options.ts";
import { VERSION } from "../settings/version.ts";
import { executionSources } from "../statement/run/execution-sources.ts";
import { LazySandbox } from "./lazy-sandbox.ts";
import { type OpenPrm, withPrm } from "./open-prm.ts";
import type { Provenance } from "./result-records.ts";

/** Best of N as the options say, and what chose, for results. */
export interface OpenMethod {
  readonly method: Method;
  /**
   * The same for one problem among others at a time: what is gathered for it ends with this signal, and programs run in
   * what `within` makes of the sandbox.
   */
  readonly methodUntil: (signal: AbortSignal, within?: (sandbox: Sandbox) => Sandbox) => Method;
  /** Opens with the first program that is to run; undefined where none can. */
  readonly sandbox: () => Promise<Sandbox | undefined>;
  readonly by: Pick<Provenance, "funprm"> & Partial<Provenance> & { readonly select: string };
}

/**
 * Opens what the selector of `--select` needs and nothing else, with the user's `tests` before it all if there are any,
 * runs `body`, and closes it all. The sandbox opens when a program is to run for the first time.
 */
export async function withMethod<T>(
  options: Options,
  report: Reporter,
  signal: AbortSignal,
  body: (open: OpenMethod) => Promise<T>,
  tests?: OwnTests,
): Promise<T> {
  const { select } = options;
  const { needs } = selectorByName(select, "mean");
  if (needs.includes("rewards")) {
    return withPrm(options, report, signal, (prm) => withSources(prm));
  }
  return withSources();

  async function withSources(prm?: OpenPrm): Promise<T> {
    const byName = selectorByName(select, prm?.by.aggregate ?? "mean");
    const selector = tests === undefined ? byName : ownTestsThen(byName);
    const sandbox = new LazySandbox({
      python: options.python,
      // Where the user's tests cannot run there is no answer.
      optional: selector.optional && tests === undefined,
      onFailure: (reason) =>
        report.warn(
          `no program runs, so that nothing but a PRM can tell the candidates apart (--select prm): ${reason}`,
        ),
    });
    const methodUntil: OpenMethod["methodUntil"] = (until, within = (opened) => opened) => {
      const running = {
        sandbox: async () => {
          const opened = await sandbox.open();
          return opened && within(endingAtOnce(opened));
        },
        signal: until,
      };
      return {
        selector,
        sources: [
          recordedConfidence,
          ...(tests === undefined ? [] : [ownTestsSource(tests, running)]),
          ...executionSources(running),
          ...(prm === undefined ? [] : [stepRewards(async () => ({ ...prm.scoring, signal: until }))]),
        ],
      };
    };
    try {
      return await body({
        method: methodUntil(signal),
        methodUntil,
        sandbox: () => sandbox.open(),
        by: { ...(prm?.by ?? { funprm: VERSION }), select },
      });
    } finally {
      await sandbox.close();
    }
  }
}
