/** What all charts share: the drawing area, grid, ticks and axis titles. Colours are classes of the page's styles. */
import { html, type Content, type Markup } from "../html.ts";
import type { Scale } from "./scale.ts";

/** The plot's inner area in a chart's own coordinates; labels are outside it. */
export interface Area {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Margins {
  readonly left?: number;
  readonly right?: number;
  readonly top?: number;
  readonly bottom?: number;
}

/** Every chart is drawn for this width; the page scales it. */
const CHART_WIDTH = 480;

export function area(height: number, margins: Margins = {}): Area {
  const { left = 44, right = 12, top = 12, bottom = 40 } = margins;
  return {
    width: CHART_WIDTH,
    height,
    left,
    right: CHART_WIDTH - right,
    top,
    bottom: height - bottom,
  };
}

/** The chart as an image with a name; `label` says in words what it shows, for those who do not see it. */
export function chart(plot: Area, label: string, content: Content): Markup {
  return html`<svg class="chart" viewBox="0 0 ${plot.width} ${plot.height}" role="img" aria-label="${label}">
    ${content}
  </svg>`;
}

export interface AxisTick {
  readonly value: number;
  readonly label: string;
}

/** Horizontal grid lines with labels at their left, and the title along the axis. */
export function yAxis(plot: Area, scale: Scale, marks: readonly AxisTick[], title: string): Markup {
  const middle = (plot.top + plot.bottom) / 2;
  return html`<g class="axis"
    >${marks.map(({ value, label }) => {
      const y = scale(value);
      return html`<line class="grid" x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}" /><text
          class="end"
          x="${plot.left - 6}"
          y="${y}"
          dy=".32em"
          >${label}</text
        >`;
    })}<text class="title middle" x="${-middle}" y="12" transform="rotate(-90)">${title}</text></g
  >`;
}

/** Ticks with labels below the area, the base line, and the title. */
export function xAxis(plot: Area, scale: Scale, marks: readonly AxisTick[], title: string): Markup {
  return html`<g class="axis"
    ><line
      class="base"
      x1="${plot.left}"
      x2="${plot.right}"
      y1="${plot.bottom}"
      y2="${plot.bottom}"
    />${marks.map(({ value, label }) => {
      const x = scale(value);
      return html`<line class="tick" x1="${x}" x2="${x}" y1="${plot.bottom}" y2="${plot.bottom + 4}" /><text
          class="middle"
          x="${x}"
          y="${plot.bottom + 15}"
          >${label}</text
        >`;
    })}<text class="title middle" x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 32}"
      >${title}</text
    ></g
  >`;
}

/** Marks of series, told apart by shape as well as by colour. */
export function marker(series: number, x: number, y: number): Markup {
  const r = 3.5;
  const shapes = [
    html`<circle cx="${x}" cy="${y}" r="${r}" />`,
    html`<rect x="${x - 3}" y="${y - 3}" width="6" height="6" />`,
    html`<path d="M${x} ${y - 4}L${x + 4} ${y + 3}H${x - 4}Z" />`,
    html`<path d="M${x} ${y - 4.5}L${x + 4.5} ${y}L${x} ${y + 4.5}L${x - 4.5} ${y}Z" />`,
  ];
  return shapes[series % shapes.length] ?? html``;
}

/** SVG path through points. */
export function pathThrough(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], at) => `${at === 0 ? "M" : "L"}${x} ${y}`).join("");
}

/**
 * Vertical places for labels that want to be at `wanted`, at least `gap` apart and within the bounds, in the order
 * given by `wanted`.
 */
export function spreadLabels(
  wanted: readonly number[],
  gap: number,
  bounds: readonly [number, number],
): number[] {
  const order = wanted.map((y, index) => ({ y, index })).toSorted((a, b) => a.y - b.y);
  const placed: number[] = Array.from({ length: wanted.length }, () => 0);
  let floor = bounds[0];
  for (const each of order) {
    each.y = Math.max(each.y, floor);
    floor = each.y + gap;
  }
  let ceiling = bounds[1];
  for (const each of order.toReversed()) {
    each.y = Math.min(each.y, ceiling);
    ceiling = each.y - gap;
    placed[each.index] = each.y;
  }
  return placed;
}
