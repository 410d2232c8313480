import type { Reporter } from "../console/reporter.ts";
import type { Options } from "../settings/options.ts";
import { soundness } from "../statement/static/soundness.ts";
import {
  type ProblemProgram,
  type StaticEvidence,
  staticEvidenceOfAll,
} from "../statement/static/static-evidence.ts";
import { staticWarnings } from "../statement/static/static-warnings.ts";
import { LazySandbox } from "./lazy-sandbox.ts";

/** What reading a program shows. */
export interface Reading {
  /** Fault by fault; empty where nothing looks wrong. */
  readonly warnings: readonly string[];
  /** As in CandidateEvidence. */
  readonly soundness: number;
}

/** Reads programs for faults with the interpreter that would run them, and counts what it finds. No program runs. */
export class ProgramReader {
  readonly #sandbox: LazySandbox;
  readonly #signal: AbortSignal;
  readonly #byKind = new Map<string, number>();
  #read = 0;
  #faulty = 0;

  constructor({ python }: Pick<Options, "python">, report: Reporter, signal: AbortSignal) {
    this.#signal = signal;
    this.#sandbox = new LazySandbox({
      python,
      optional: true,
      onFailure: (reason) => report.warn(`programs are not read for faults: ${reason}`),
    });
  }

  /** In the given order; undefined for a blank program, and where nothing can be read here. */
  async read(pairs: readonly ProblemProgram[]): Promise<(Reading | undefined)[]> {
    const sandbox = await this.#sandbox.open();
    if (sandbox === undefined) return pairs.map(() => undefined);
    const asked = pairs.filter(({ code }) => /\S/.test(code));
    const found = await staticEvidenceOfAll(asked, { sandbox, signal: this.#signal });
    return pairs.map((pair) => {
      const evidence = found[asked.indexOf(pair)];
      return evidence && this.#count(evidence);
    });
  }

  /** How many programs were read and what was found in them, a program once for each kind; undefined: none was. */
  get summary(): string | undefined {
    if (this.#read === 0) return undefined;
    const kinds = [...this.#byKind]
      .toSorted(([, a], [, b]) => b - a)
      .map(([kind, count]) => `${kind} ${count}`);
    return kinds.length === 0
      ? `reading finds nothing wrong in ${this.#read} programs`
      : `reading finds something wrong in ${this.#faulty} of ${this.#read} programs: ${kinds.join(", ")}`;
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }

  #count(evidence: StaticEvidence): Reading {
    this.#read += 1;
    if (evidence.findings.length > 0) this.#faulty += 1;
    for (const kind of new Set(evidence.findings.map((finding) => finding.kind)))
      this.#byKind.set(kind, (this.#byKind.get(kind) ?? 0) + 1);
    return { warnings: staticWarnings(evidence), soundness: soundness(evidence) };
  }
}
