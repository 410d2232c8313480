/** PSGPO's labels of lines (arXiv 2410.17621): +1 while some completion of the prefix passes, -1 from then on. */

/** What K completions of a prefix say. */
export interface Probe {
  /** Whether one passes; null: none could be judged, or none was to be had. */
  readonly recoverable: boolean | null;
  /** Completions that were judged, and that passed. */
  readonly K: number;
  readonly k: number;
}

/** The labels of a program's lines of code, and what they took. */
export interface LineLabels {
  /** By line of code; null: not known. */
  readonly labels: readonly (1 | -1 | null)[];
  /** By line of code; undefined: its prefix was not completed. */
  readonly probes: readonly (Probe | undefined)[];
}

/** Completes the prefix that ends with a line of code, by its position among them. */
export type ProbeLine = (line: number) => Promise<Probe>;

/**
 * Looks for the line of no return by halving: about log2 T prefixes. It takes for granted that no line behind it can be
 * recovered from. A prefix of which nothing is known counts as lost there, so its own label is not known.
 */
export async function searchLabels(lines: number, probe: ProbeLine): Promise<LineLabels> {
  const probes: (Probe | undefined)[] = Array.from({ length: lines }, () => undefined);
  // The whole program fails; before its first line nothing is lost.
  let good = -1;
  let lost = lines - 1;
  while (lost - good > 1) {
    const middle = Math.floor((good + lost) / 2);
    const found = await probe(middle);
    probes[middle] = found;
    if (found.recoverable === true) good = middle;
    else lost = middle;
  }
  const labels = probes.map((found, line): 1 | -1 | null =>
    found !== undefined && found.recoverable === null ? null : line <= good ? 1 : -1,
  );
  return { labels, probes };
}

/** Every prefix by itself: the control. */
export async function exhaustiveLabels(lines: number, probe: ProbeLine): Promise<LineLabels> {
  const probes: (Probe | undefined)[] = [];
  for (let line = 0; line < lines - 1; line += 1) probes.push(await probe(line));
  const labels = probes.map((found): 1 | -1 | null =>
    found === undefined || found.recoverable === null ? null : found.recoverable ? 1 : -1,
  );
  return lines === 0 ? { labels, probes } : { labels: [...labels, -1], probes: [...probes, undefined] };
}

/** Lines of a program that passes: nothing is lost anywhere. */
export function passingLabels(lines: number): LineLabels {
  return {
    labels: Array.from({ length: lines }, () => 1),
    probes: Array.from({ length: lines }, () => undefined),
  };
}
