/**
 * What an LLM can be asked for to tell candidates apart: a generator of inputs with a validator, a brute-force solution
 * that votes, and for the last tie one input on which two programs differ, with its output.
 */
export const HELPS = ["generator", "brute", "input"] as const;
export type Help = (typeof HELPS)[number];

/** What became of one help, in words; `used`: evidence came of it. */
export interface HelpOutcome {
  readonly used: boolean;
  readonly told: string;
}

export const notUsed = (told: string): HelpOutcome => ({ used: false, told });
