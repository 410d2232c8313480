/** Which evidence decided, how often, and how often it was right. */
import { percent, whole } from "../figures.ts";
import { html, type Markup } from "../html.ts";
import type { DecidedBy } from "../run-statistics.ts";
import { area, chart, xAxis } from "./frame.ts";
import { linearScale, ticks } from "./scale.ts";

const ROW = 30;
const NAME_WIDTH = 128;

/** null when no problem is there. */
export function decidedChart(rows: readonly DecidedBy[]): Markup | null {
  const most = Math.max(0, ...rows.map(({ problems }) => problems));
  if (most === 0) return null;
  const plot = area(rows.length * ROW + 56, { left: NAME_WIDTH, right: 104, top: 8, bottom: 44 });
  const x = linearScale([0, most], [plot.left, plot.right]);
  const marks = ticks([0, most], 5).filter(Number.isInteger);
  return chart(
    plot,
    rows
      .map(
        (row) =>
          `${row.evidence} decided ${row.problems} problems, ${row.passing} of them rightly; by chance ${percent(row.chance)} %`,
      )
      .join("; "),
    html`${marks.map((value) => html`<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${plot.top}" y2="${plot.bottom}" />`)}${xAxis(
      plot,
      x,
      marks.map((value) => ({ value, label: whole(value) })),
      "problems; the choice passes (filled) or fails (outlined)",
    )}${rows.map(({ evidence, problems, passing, chance }, at) => {
      const y = plot.top + at * ROW + 6;
      const [zero, pass, all] = [x(0), x(passing), x(problems)];
      return html`<text class="end name" x="${plot.left - 10}" y="${y + 9}" dy=".32em">${evidence}</text
        ><rect class="fill pass" x="${zero}" y="${y}" width="${pass - zero}" height="18" /><rect
          class="outline fail"
          x="${pass}"
          y="${y + 0.75}"
          width="${Math.max(0, all - pass)}"
          height="16.5"
        /><text class="label" x="${all + 6}" y="${y + 9}" dy=".32em"
          >${percent(passing / problems)} % (${percent(chance)})</text
        >`;
    })}`,
  );
}
