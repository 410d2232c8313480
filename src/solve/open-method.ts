import type { Method } from "../core/best-of-n.ts";
import { stepRewards } from "../core/best-of-n.ts";
import { recordedConfidence } from "../core/sampler-confidence.ts";
import { FunprmError } from "../core/errors.ts";
import type { Reporter } from "../console/reporter.ts";
import { endingAtOnce } from "../sandbox/ending-at-once.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { selectorByName } from "../select/index.ts";
import { DEFAULT_PYTHON, type Options } from "../settings/options.ts";
import { VERSION } from "../settings/version.ts";
import { executionSources } from "../statement/run/execution-sources.ts";
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
 * Opens what the selector of `--select` needs and nothing else, runs `body`, and closes it all. The sandbox opens when
 * a program is to run for the first time.
 */
export async function withMethod<T>(
  options: Options,
  report: Reporter,
  signal: AbortSignal,
  body: (open: OpenMethod) => Promise<T>,
): Promise<T> {
  const { select } = options;
  const { needs } = selectorByName(select, "mean");
  if (needs.includes("rewards")) {
    return withPrm(options, report, signal, (prm) => withSources(prm));
  }
  return withSources();

  async function withSources(prm?: OpenPrm): Promise<T> {
    const selector = selectorByName(select, prm?.by.aggregate ?? "mean");
    const sandbox = new LazySandbox(options, report, selector.optional);
    const methodUntil: OpenMethod["methodUntil"] = (until, within = (opened) => opened) => ({
      selector,
      sources: [
        recordedConfidence,
        ...executionSources({
          sandbox: async () => {
            const opened = await sandbox.open();
            return opened && within(endingAtOnce(opened));
          },
          signal: until,
        }),
        ...(prm === undefined ? [] : [stepRewards(async () => ({ ...prm.scoring, signal: until }))]),
      ],
    });
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

/** A sandbox that opens with the first program that is to run. */
class LazySandbox {
  readonly #options: Options;
  readonly #report: Reporter;
  readonly #optional: boolean;
  #sandbox: Promise<Sandbox | undefined> | undefined;

  constructor(options: Options, report: Reporter, optional: boolean) {
    this.#options = options;
    this.#report = report;
    this.#optional = optional;
  }

  open(): Promise<Sandbox | undefined> {
    this.#sandbox ??= this.#open();
    return this.#sandbox;
  }

  async close(): Promise<void> {
    const sandbox = await this.#sandbox?.catch(() => undefined);
    await sandbox?.close();
  }

  /** undefined where nothing can run and the selector goes on without. */
  async #open(): Promise<Sandbox | undefined> {
    try {
      return await openSandbox({ python: this.#options.python });
    } catch (error) {
      // Whoever names an interpreter wants that one.
      const isNamed = this.#options.python !== DEFAULT_PYTHON;
      if (!this.#optional || isNamed || !(error instanceof FunprmError)) throw error;
      const [reason] = error.message.split("\n");
      this.#report.warn(
        `no program runs, so that nothing but a PRM can tell the candidates apart (--select prm): ${reason}`,
      );
      return undefined;
    }
  }
}
