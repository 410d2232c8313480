/** From values to pixels, and the round values that an axis shows. */

/** Maps a domain's value to a coordinate; monotone, and values outside are put onto the nearer end. */
export type Scale = (value: number) => number;

export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  return (value) => {
    // A domain of one value has no direction: all of it is in the middle.
    const t = d1 === d0 ? 0.5 : (value - d0) / (d1 - d0);
    return rounded(r0 + Math.min(1, Math.max(0, t)) * (r1 - r0));
  };
}

/** Equal factors are equal distances: for numbers of candidates that double. Both ends are above 0. */
export function logScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const scale = linearScale([Math.log(domain[0]), Math.log(domain[1])], range);
  return (value) => scale(Math.log(Math.max(value, domain[0])));
}

/** Round values in the domain, both ends included when they are round: at most `most` steps of 1, 2 or 5 · 10^k. */
export function ticks(domain: readonly [number, number], most: number): number[] {
  const [low, high] = domain;
  if (!(high > low)) return [low];
  const raw = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw * 0.999) ?? raw;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** The values' range widened to multiples of `step`, within `bounds`; the bounds themselves when there are none. */
export function roundDomain(
  values: readonly number[],
  step: number,
  bounds: readonly [number, number],
): [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [...bounds];
  const low = Math.max(bounds[0], Math.floor(Math.min(...finite) / step + 1e-9) * step);
  const high = Math.min(bounds[1], Math.ceil(Math.max(...finite) / step - 1e-9) * step);
  return low < high ? [low, high] : [Math.max(bounds[0], low - step), Math.min(bounds[1], high + step)];
}

/** Tenths of a pixel are as fine as a screen shows, and keep the file short. */
function rounded(coordinate: number): number {
  return Math.round(coordinate * 10) / 10;
}
