/** One flag, the same wherever it appears. */
export interface FlagSpec {
  readonly flags: string;
  readonly help: string;
  /** What it is for one command, where that is something else. */
  readonly helpOf?: Readonly<Record<string, string>>;
}
