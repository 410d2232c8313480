/** Bounds that a statement gives for a value; absent where it gives none or one that is no number. */
export interface Bounds {
  readonly low?: number;
  readonly high?: number;
}

/**
 * The bounds in a statement's constraints by what they bound: `k`, `nums.length`, `nums[i]`, `grid[i][j]` (indices
 * written as `[]`). Chains (`1 <= x <= y <= 10^5`) bound every member. Bounds by other variables are left out: whoever
 * mutates keeps the order that the examples have.
 */
export function constraintBounds(statement: string): ReadonlyMap<string, Bounds> {
  const bounds = new Map<string, Bounds>();
  const text = statement
    .replace(/\\leq?(?:slant)?\b|≤|&lt;=/g, "<=")
    .replace(/\\(?:cdot|times)\b|×/g, "*")
    .replace(/[$\\]/g, "");
  for (const line of text.split("\n")) {
    if (!line.includes("<")) continue;
    for (const chain of line.split(/\band\b|;/)) readChain(chain, bounds);
  }
  return bounds;
}

function readChain(chain: string, bounds: Map<string, Bounds>): void {
  const parts = chain.split(/(<=?)/).map((part) => part.trim());
  const numbers = parts.map((part) => (part.startsWith("<") ? undefined : numberOf(part)));
  parts.forEach((part, at) => {
    if (at % 2 === 1 || numbers[at] !== undefined) return;
    const low = nearest(parts, numbers, at, -2);
    const high = nearest(parts, numbers, at, 2);
    for (const name of part.split(",")) {
      const key = name
        .trim()
        .replace(/^-\s*/, "")
        .replace(/\[\w+\]|_\{?\w+\}?/g, "[]");
      if (!/^[A-Za-z_]\w*(?:\[\])*(?:\.length)?(?:\[\])*$/.test(key)) continue;
      const known = bounds.get(key);
      bounds.set(key, {
        ...known,
        ...(low === undefined ? {} : { low }),
        ...(high === undefined ? {} : { high }),
      });
    }
  });
}

/** The closest number to the left (step -2) or right (2), moved by one for every strict sign on the way. */
function nearest(
  parts: readonly string[],
  numbers: readonly (number | undefined)[],
  at: number,
  step: -2 | 2,
): number | undefined {
  let strict = 0;
  for (let i = at; i >= 0 && i < parts.length; i += step) {
    const number = i === at ? undefined : numbers[i];
    if (number !== undefined) return step < 0 ? number + strict : number - strict;
    if (parts[i + step / 2] === "<") strict++;
  }
  return undefined;
}

/** `10^5`, `10^{9}`, `2 * 10^5`, `10^9 - 1`, `-100`, `1,000`. */
function numberOf(text: string): number | undefined {
  const match = /^(-?)\s*(?:(\d+)\s*\*\s*)?(\d[\d,]*)(?:\s*\^\s*\{?(\d+)\}?)?(?:\s*([+-])\s*(\d+))?\.?$/.exec(
    text,
  );
  if (!match) return undefined;
  const [, sign, factor = "1", base = "", exponent = "1", operator, shift = "0"] = match;
  const power = Number(factor) * Number(base.replaceAll(",", "")) ** Number(exponent);
  return (sign === "-" ? -power : power) + (operator === "-" ? -Number(shift) : Number(shift));
}
