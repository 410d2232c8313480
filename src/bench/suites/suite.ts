/** A file of a data set on the hub. */
export interface SuiteFile {
  /** `owner/name`. */
  readonly repository: string;
  readonly revision: string;
  readonly path: string;
}

/** What the options say about a suite; each suite knows some of them. */
export interface SuiteOptions {
  readonly release: "v1" | "v2" | "v3" | "v4" | "v5" | "v6";
  readonly subset: "full" | "hard";
  readonly split: "complete" | "instruct";
}

/** A JSON object of a suite's file. */
export type SuiteRecord = Readonly<Record<string, unknown>>;

/** A benchmark that funprm knows by name. */
export interface Suite {
  readonly name: string;
  /** Which options it takes; the others are refused. */
  readonly takes: readonly (keyof SuiteOptions | "from" | "to" | "platform" | "difficulty")[];
  readonly files: (options: SuiteOptions) => readonly SuiteFile[];
  /** `livecodebench v6`. */
  readonly title: (options: SuiteOptions) => string;
  /** Brings a record of the file into a form that readProblems knows; absent when it has one already. */
  readonly convert?: (record: SuiteRecord, options: SuiteOptions) => SuiteRecord;
}
