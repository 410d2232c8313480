import type { Problem } from "../../core/problem.ts";

/** Which problems are wanted, by their facts. */
export interface ProblemFilter {
  /** Inclusive, YYYY-MM-DD. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly difficulty?: readonly string[] | undefined;
  /** The first so many of those that fit. */
  readonly limit?: number | undefined;
}

/** The problems that fit, in their order. A problem without the fact that is asked about does not fit. */
export function filterProblems(problems: readonly Problem[], filter: ProblemFilter): Problem[] {
  const fits = problems.filter(({ meta }) => {
    const date = day(meta["date"]);
    if (filter.from !== undefined && (date === undefined || date < filter.from)) return false;
    if (filter.to !== undefined && (date === undefined || date > filter.to)) return false;
    return isOneOf(meta["platform"], filter.platform) && isOneOf(meta["difficulty"], filter.difficulty);
  });
  return fits.slice(0, filter.limit ?? fits.length);
}

/** `2025-02-01T00:00:00` is of the day 2025-02-01. */
function day(date: unknown): string | undefined {
  return typeof date === "string" ? /^\d{4}-\d{2}-\d{2}/.exec(date)?.[0] : undefined;
}

function isOneOf(value: unknown, wanted: readonly string[] | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted.some((each) => each.toLowerCase() === String(value).toLowerCase());
}
