import type { RoundsSpent } from "../bench/results/rounds-spent.ts";
import { percent, percentWithInterval, pointsWithInterval } from "./figures.ts";
import type { TextTable } from "./text-table.ts";

/** What the table says, and what it does not. */
export const ROUNDS_NOTE =
  "What auto would have spent and chosen with the candidates drawn four at a time, in their order, until it is sure enough or " +
  "little is to be gained; against all N candidates of the same problems. Saved: share of a problem's candidates that are not drawn.";

/** What sampling as long as it pays would have spent and chosen. */
export function roundsTable(rounds: readonly RoundsSpent[]): TextTable {
  return {
    header: ["in rounds", "candidates", "saved %", "selected %", "less all, points", "gained / lost"],
    rows: rounds.map(({ least, stopAt, minGain, samples, saved, selected, difference, gained, lost }) => [
      `-n ${least}..N --stop-at ${stopAt} --min-gain ${minGain}`,
      samples.toFixed(1),
      percentWithInterval(saved),
      percent(selected),
      pointsWithInterval(difference),
      `${gained} / ${lost}`,
    ]),
  };
}
