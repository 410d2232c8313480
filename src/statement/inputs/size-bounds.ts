import { evaluate, plainMathematics, type Environment } from "./bound-expression.ts";

/** `1 <= x, y < n`: what is between the signs, and the signs. Each part is a list of expressions. */
interface Chain {
  readonly parts: readonly (readonly string[])[];
  /** `strict[i]`: the sign between parts i and i + 1 is `<`. */
  readonly strict: readonly boolean[];
}

/** The bounds of a statement as expressions in its names, so that one may depend on another (`1 <= A_i <= N`). */
export class SizeBounds {
  readonly #chains: readonly Chain[];

  constructor(statement: string) {
    // A remark in brackets is a chain of its own: `1 <= A_i <= N (1 <= i <= K)`.
    const text = plainMathematics(statement).replace(/\(([^()]*<[^()]*)\)/g, "\n$1\n");
    this.#chains = text
      .split("\n")
      .flatMap((line) => line.split(/;|\band\b|\.(?=\s|$)/))
      .filter((line) => line.includes("<"))
      .flatMap(chainsOf);
  }

  /** The bounds of a name under what is known; a side without a bound that can be computed is absent. */
  of(name: string, environment: Environment): { readonly low?: number; readonly high?: number } {
    const lows: number[] = [];
    const highs: number[] = [];
    for (const { parts, strict } of this.#chains) {
      const at = parts.findIndex((part) => part.includes(name));
      if (at < 0) continue;
      parts.forEach((part, other) => {
        if (other === at) return;
        const steps = strict.slice(Math.min(at, other), Math.max(at, other)).filter(Boolean).length;
        for (const expression of part) {
          const value = evaluate(expression, environment);
          if (value !== undefined && other < at) lows.push(Math.ceil(value) + steps);
          if (value !== undefined && other > at) highs.push(Math.floor(value) - steps);
        }
      });
    }
    return {
      ...(lows.length === 0 ? {} : { low: Math.max(...lows) }),
      ...(highs.length === 0 ? {} : { high: Math.min(...highs) }),
    };
  }

  /** Whether one name is said to come before another of its kind: `u_i < v_i`. */
  ordered(first: string, second: string): boolean {
    return this.#chains.some(({ parts }) => {
      const at = parts.findIndex((part) => part.includes(first));
      return at >= 0 && parts.slice(at + 1).some((part) => part.includes(second));
    });
  }

  /** false when these values break a relation between sums and products of names: `N + M <= 12`. */
  holds(environment: Environment): boolean {
    return this.#chains.every(({ parts, strict }) =>
      strict.every((isStrict, i) => {
        const values = [parts[i] ?? [], parts[i + 1] ?? []].map((part) =>
          part.map((expression) => evaluate(expression, environment)),
        );
        const [left = [], right = []] = values;
        return left.every((a) =>
          right.every((b) => a === undefined || b === undefined || (isStrict ? a < b : a <= b)),
        );
      }),
    );
  }
}

function chainsOf(line: string): Chain[] {
  const pieces = line.split(/(<=?)/);
  const chains: Chain[] = [];
  let parts: string[][] = [];
  let strict: boolean[] = [];
  pieces.forEach((piece, at) => {
    if (at % 2 === 1) {
      strict.push(piece === "<");
      return;
    }
    const names = splitAtCommas(piece).flatMap((each) => each.split("=="));
    const [head = "", ...others] = names;
    const last = others.at(-1);
    const isEdge = at === 0 || at === pieces.length - 1;
    // `1 <= n <= 9, 0 <= m`: a number next to a comma ends one chain and begins the next.
    if (!isEdge && last !== undefined && (isNumber(head) || isNumber(last))) {
      chains.push({ parts: [...parts, [bare(head, "start")]], strict });
      parts = [[bare(last, "end")]];
      strict = [];
      return;
    }
    const own = at === 0 ? names.slice(-1) : at === pieces.length - 1 ? names.slice(0, 1) : names;
    // A list of names may open or close a chain; prose around it may not.
    const kept = isEdge && names.every(isName) ? names : own;
    parts.push(kept.map((each) => bare(each, at === 0 ? "end" : "start")));
  });
  chains.push({ parts, strict });
  return chains.filter((chain) => chain.parts.length > 1);
}

function bare(text: string, side: "start" | "end"): string {
  const trimmed = text.trim().replace(/^-\s+/, "").replace(/[.:]$/, "");
  if (isName(trimmed) || !/[A-Za-z]{2,} |\s[A-Za-z]{2,}/.test(trimmed)) return trimmed;
  const words = trimmed.split(/\s+/);
  return (side === "end" ? words.at(-1) : words[0]) ?? "";
}

function isNumber(text: string): boolean {
  return evaluate(text, new Map()) !== undefined;
}

function isName(text: string): boolean {
  return /^\s*-?\s*[A-Za-z]\w*(?:\[\])*(?:\.length)?\s*$/.test(text);
}

function splitAtCommas(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char === "," && depth <= 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts;
}
