import { FunprmError } from "../core/errors.ts";
import { openSandbox } from "../sandbox/open-sandbox.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { DEFAULT_PYTHON } from "../settings/options.ts";

export interface LazySandboxOptions {
  /** The interpreter; whoever names one wants that one, and no other way. */
  readonly python: string;
  /** Whether the rest can do without; default false. */
  readonly optional?: boolean;
  /** Told once, with the reason, where nothing can run and the rest goes on. */
  readonly onFailure: (reason: string) => void;
}

/** A sandbox that opens with the first program that is to run or to be read. */
export class LazySandbox {
  readonly #options: LazySandboxOptions;
  #sandbox: Promise<Sandbox | undefined> | undefined;

  constructor(options: LazySandboxOptions) {
    this.#options = options;
  }

  /**
   * undefined where nothing can run and the rest goes on without.
   *
   * @throws FunprmError `grading` or `usage` where it cannot
   */
  open(): Promise<Sandbox | undefined> {
    this.#sandbox ??= this.#open();
    return this.#sandbox;
  }

  async close(): Promise<void> {
    const sandbox = await this.#sandbox?.catch(() => undefined);
    await sandbox?.close();
  }

  async #open(): Promise<Sandbox | undefined> {
    const { python, optional, onFailure } = this.#options;
    try {
      return await openSandbox({ python });
    } catch (error) {
      const isNamed = python !== DEFAULT_PYTHON;
      if (optional !== true || isNamed || !(error instanceof FunprmError)) throw error;
      onFailure(error.message.split("\n", 1)[0] ?? "");
      return undefined;
    }
  }
}
