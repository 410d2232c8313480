import type { FlagName } from "./flags.ts";

/** A command as data: what help shows and where its code is. Nothing heavy loads before it runs. */
export interface CommandSpec {
  readonly name: string;
  /** The argument as usage shows it, `<problem...>`, and what it is; absent: it takes none. */
  readonly argument?: { readonly form: string; readonly help: string };
  readonly summary: string;
  readonly flags: readonly FlagName[];
  readonly examples: readonly string[];
  /** Lines that help shows before the examples: what the values of a flag mean. */
  readonly notes?: readonly string[];
  readonly load: () => Promise<CommandModule>;
}

/** What a command's file exports: runs it and gives the exit code. */
interface CommandModule {
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** What main.ts hands a command: arguments and flags as typed by the user, before validation. */
export interface Invocation {
  readonly args: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
  readonly command: string;
  readonly signal: AbortSignal;
  /** Every command there is, for those that speak of the others. */
  readonly commands?: readonly CommandSpec[];
}
