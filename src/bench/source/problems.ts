import { basename } from "node:path";
import { suiteByName } from "../suites/index.ts";
import type { SuiteOptions } from "../suites/suite.ts";
import { suiteFiles } from "../suites/suite-files.ts";
import { FunprmError } from "../../core/errors.ts";
import { hubSettings } from "../../hub/settings.ts";
import type { Options } from "../../settings/options.ts";
import type { Reporter } from "../../console/reporter.ts";

/** Problem files that a bench works on. */
export interface ProblemSet {
  /** Name of the suite; absent for the user's own problems. */
  readonly suite?: string;
  readonly title: string;
  /** In a form that readProblems knows. */
  readonly files: readonly string[];
  readonly notes: readonly string[];
  /** Removes what was only needed for this run. */
  close(): Promise<void>;
}

const SUITE_FLAGS = ["release", "subset", "split"] as const;

/** The problems of a suite, downloaded or from the user's copy, or the user's own. */
export async function problemSet(
  name: string | undefined,
  options: Options,
  report: Reporter,
  signal: AbortSignal,
): Promise<ProblemSet> {
  const own = options.problems === undefined ? undefined : [options.problems];
  if (name === undefined || name === "pool") {
    refuse(
      SUITE_FLAGS.filter((flag) => options[flag] !== undefined),
      "a suite",
    );
    if (own === undefined || options.pool.length + Number(options.model !== undefined) === 0) {
      throw new FunprmError(
        "usage",
        "expected a suite (livecodebench, bigcodebench, humanevalplus, mbppplus), or --problems FILE with --pool CANDIDATES",
      );
    }
    return { title: basename(own[0] ?? ""), files: own, notes: [], close: async () => {} };
  }
  const suite = suiteByName(name);
  refuse(
    SUITE_FLAGS.filter((flag) => options[flag] !== undefined && !suite.takes.includes(flag)),
    `another suite than ${name}`,
  );
  const chosen: SuiteOptions = {
    release: options.release ?? "v6",
    subset: options.subset ?? "full",
    split: options.split ?? "complete",
  };
  const files = await suiteFiles(suite, chosen, {
    own,
    hub: hubSettings(process.env),
    signal,
    onStart: (file, bytes, done) => {
      const size = bytes === null ? "of unknown size" : megabytes(bytes);
      report.note(`downloading ${file}, ${size}${done > 0 ? `, of which ${megabytes(done)} are here` : ""}`);
    },
    onProgress: (file, done, total) => report.progress(`downloading ${file}`, done, total ?? undefined),
  });
  const title = suite.title(chosen);
  return {
    suite: title,
    title: own === undefined ? title : `${title} (${basename(own[0] ?? "")})`,
    files: files.paths,
    notes:
      own === undefined ? [] : [`The problems are those of ${basename(own[0] ?? "")}, taken as they are.`],
    close: files.close,
  };
}

function refuse(flags: readonly string[], of: string): void {
  const [flag] = flags;
  if (flag !== undefined) throw new FunprmError("usage", `--${flag} belongs to ${of}; leave it out`);
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
