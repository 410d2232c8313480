import { join } from "node:path";
import { FunprmError } from "../../core/errors.ts";
import { NewResults } from "./new-results.ts";
import type { ReportData } from "./report-data.ts";
import { reportDataSchema } from "./run-schema.ts";
import { RESULTS_NAME } from "./write-run.ts";
import { readOwnFile } from "../../files/small-file.ts";

/** How much a bench is about. */
export interface BenchSize {
  readonly problems: number;
  readonly candidates: number;
}

/** The figures that a folder holds; undefined for none, and for what no bench wrote. */
export async function earlierResults(folder: string): Promise<ReportData | undefined> {
  const text = await readOwnFile(join(folder, RESULTS_NAME)).catch(() => "");
  try {
    return reportDataSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/**
 * Refuses a bench that can only leave less than is there, before it costs anything. The folder is locked.
 * @param most what it is about at most
 * @throws FunprmError `usage` that says what differs and how to go on
 */
export async function refuseFewer(folder: string, most: BenchSize): Promise<void> {
  // What a killed bench has finished counts too.
  await NewResults.open(folder);
  const earlier = await earlierResults(folder);
  if (earlier === undefined) return;
  const { problems, distinctProblems = problems, candidates } = earlier.comparison;
  if (most.problems >= distinctProblems && most.candidates >= candidates) return;
  throw new FunprmError(
    "usage",
    `${folder} holds results of ${distinctProblems} problems with ${candidates} candidates; this bench is about ` +
      `${most.problems} with ${most.candidates}, and finished work is not replaced by less.\n` +
      "Name another folder with --out, or give --replace if that is meant: what was scored, graded and run there is " +
      "kept and used.",
  );
}

/**
 * What earlier results have and new ones lack although nobody asked for less; empty: the new ones may take their place.
 * Selectors that this bench was not asked to compare, and views, may go.
 *
 * @param now undefined where no row is done
 * @param compared names of the selectors that it was asked to compare
 */
export function lostWith(
  earlier: ReportData,
  now: ReportData | undefined,
  compared: ReadonlySet<string>,
): string[] {
  if (now === undefined) return ["this bench had no row done"];
  const [then, here] = [earlier.comparison, now.comparison];
  const found = new Set(here.selectors.map(({ name }) => name));
  const gone = then.selectors.flatMap(({ name }) => (compared.has(name) && !found.has(name) ? [name] : []));
  const fewer = here.problems < then.problems || here.candidates < then.candidates;
  return [
    ...(earlier.complete && !now.complete ? ["they are complete, and this bench was cut short"] : []),
    ...(fewer
      ? [
          `they have ${then.problems} rows with ${then.candidates} candidates, this bench ${here.problems} with ${here.candidates}`,
        ]
      : []),
    ...(gone.length > 0 ? [`nothing gave the evidence for ${gone.join(", ")} this time`] : []),
    ...(earlier.producedBy["mixed_only"] !== true && now.producedBy["mixed_only"] === true
      ? ["they have evidence for every row, and --mixed-only leaves some out"]
      : []),
  ];
}
