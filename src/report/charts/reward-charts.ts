/** Rewards of passing and failing candidates back to back, and their calibration. */
import { percent, unit, whole } from "../figures.ts";
import { html, type Markup } from "../html.ts";
import {
  areShares,
  binRewards,
  calibrationError,
  type JudgedReward,
  type RewardBin,
  wilsonInterval,
} from "../reward-statistics.ts";
import { area, chart, xAxis, yAxis } from "./frame.ts";
import { linearScale, ticks } from "./scale.ts";

const HISTOGRAM_BINS = 25;
const CALIBRATION_BINS = 10;

/**
 * Passing candidates above the line, failing ones below, each as a share of its kind, so that many failures do not
 * hide few passes. null without both kinds.
 */
export function rewardHistogram(rewards: readonly JudgedReward[]): Markup | null {
  const passing = rewards.filter(({ passed }) => passed).length;
  const failing = rewards.length - passing;
  if (passing === 0 || failing === 0) return null;
  const bins = binRewards(rewards, HISTOGRAM_BINS);
  const shares = bins.map((bin) => ({ ...bin, up: bin.passing / passing, down: bin.failing / failing }));
  const most = Math.max(...shares.flatMap(({ up, down }) => [up, down]));
  const plot = area(280, { top: 30 });
  const domain = domainOf(bins);
  const x = linearScale(domain, [plot.left, plot.right]);
  const y = linearScale([-most, most], [plot.bottom, plot.top]);
  const steps = ticks([0, most], 3).filter((value) => value > 0);
  const marks = [...steps.map((value) => -value), 0, ...steps].map((value) => ({
    value,
    label: String(Math.round(Math.abs(value) * 1000) / 10),
  }));
  const bar = (bin: RewardBin, share: number, className: string, count: number): Markup | null => {
    if (share === 0) return null;
    const [from, to] = [y(0), y(className === "pass" ? share : -share)];
    return html`<rect
      class="fill ${className}"
      x="${x(bin.from) + 0.5}"
      y="${Math.min(from, to)}"
      width="${Math.max(0.5, x(bin.to) - x(bin.from) - 1)}"
      height="${Math.abs(to - from)}"
      ><title>
        ${unit(bin.from)} to ${unit(bin.to)}: ${whole(count)} ${className === "pass" ? "passing" : "failing"}
      </title></rect
    >`;
  };
  return chart(
    plot,
    `Rewards of ${whole(passing)} passing and ${whole(failing)} failing candidates; means ${unit(meanOf(rewards, true))} and ${unit(meanOf(rewards, false))}`,
    html`${yAxis(plot, y, marks, "% of its kind")}${xAxis(plot, x, axisMarks(domain), "reward of the program")}${shares.map(
        (bin) => html`${bar(bin, bin.up, "pass", bin.passing)}${bar(bin, bin.down, "fail", bin.failing)}`,
      )}<line class="zero" x1="${plot.left}" x2="${plot.right}" y1="${y(0)}" y2="${y(0)}" /><text
        class="label pass"
        x="${plot.left}"
        y="12"
        dy=".32em"
        >▲ passing, ${whole(passing)}</text
      ><text class="label fail" x="${plot.left + 130}" y="12" dy=".32em">▼ failing, ${whole(failing)}</text>`,
  );
}

/**
 * Share of passing candidates against their reward, or another number in [0, 1] that `axis` names; on the diagonal it
 * is a chance. null where it cannot be one.
 */
export function calibrationChart(
  rewards: readonly JudgedReward[],
  axis = "reward of the program",
): Markup | null {
  if (rewards.length === 0 || !areShares(rewards)) return null;
  const bins = binRewards(rewards, CALIBRATION_BINS).filter(({ passing, failing }) => passing + failing > 0);
  const plot = area(280, { top: 26 });
  const x = linearScale([0, 1], [plot.left, plot.right]);
  const y = linearScale([0, 1], [plot.bottom, plot.top]);
  const marks = ticks([0, 1], 5).map((value) => ({ value, label: String(Math.round(value * 100)) }));
  return chart(
    plot,
    `Calibration: mean distance between ${axis} and share of passing candidates ${percent(calibrationError(bins))} points`,
    html`${yAxis(plot, y, marks, "passing, %")}${xAxis(plot, x, axisMarks([0, 1]), axis)}<line
        class="diagonal"
        x1="${x(0)}"
        y1="${y(0)}"
        x2="${x(1)}"
        y2="${y(1)}"
      /><g class="s0"
        >${bins.map(({ passing, failing, meanReward, from, to }) => {
          const count = passing + failing;
          const { low, high } = wilsonInterval(passing, count);
          const [cx, cy] = [x(meanReward), y(passing / count)];
          return html`<g
            ><line class="interval" x1="${cx}" x2="${cx}" y1="${y(low)}" y2="${y(high)}" /><circle
              cx="${cx}"
              cy="${cy}"
              r="4"
            /><text class="count middle" x="${x((from + to) / 2)}" y="${plot.top - 10}">${whole(count)}</text
            ><title>${unit(meanReward)}: ${percent(passing / count)} % of ${whole(count)} pass</title></g
          >`;
        })}</g
      ><text class="count end" x="${plot.left - 6}" y="${plot.top - 10}">n</text>`,
  );
}

function domainOf(bins: readonly RewardBin[]): [number, number] {
  return [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1];
}

function axisMarks(domain: readonly [number, number]): { value: number; label: string }[] {
  return ticks(domain, 5).map((value) => ({ value, label: String(Number(value.toFixed(2))) }));
}

function meanOf(rewards: readonly JudgedReward[], passed: boolean): number {
  const kind = rewards.filter((each) => each.passed === passed);
  return kind.reduce((sum, { reward }) => sum + reward, 0) / kind.length;
}
