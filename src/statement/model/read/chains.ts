import { evaluate } from "../../inputs/bound-expression.ts";
import type { Claim, Sign } from "../input-model.ts";

type Chain = Extract<Claim, { kind: "chain" }>;

const SIGN = /(<=|>=|==|!=|<|>|=)/;

/**
 * The chains of signs in a line of normal text: `1 <= x, y < n`, `n == nums.length`, `u != v`. Prose at either end is
 * cut off, and so is a remark in brackets, which is a chain of its own.
 */
export function readChains(line: string): Chain[] {
  const remarks: string[] = [];
  const outside = line.replace(/\(([^()]*(?:[<>]|!=)[^()]*(?:\([^()]*\)[^()]*)*)\)/g, (_, inner: string) => {
    remarks.push(inner);
    return " ; ";
  });
  return [outside, ...remarks]
    .flatMap((text) =>
      text.split(
        /;|\band\b(?=[^<>]*[<>])|\.(?=\s|$)|:(?=\s)|\bfor (?:each|all|every|any)\b|\bif\b|\bwhere\b/,
      ),
    )
    .filter((text) => SIGN.test(text))
    .flatMap(chainsIn);
}

function chainsIn(line: string): Chain[] {
  const pieces = line.split(SIGN);
  const found: Chain[] = [];
  let parts: string[][] = [];
  let signs: Sign[] = [];
  let backwards = false;
  const end = (): void => {
    if (parts.length > 1) {
      found.push(
        backwards
          ? { kind: "chain", parts: parts.toReversed(), signs: signs.toReversed() }
          : { kind: "chain", parts, signs },
      );
    }
    parts = [];
    signs = [];
    backwards = false;
  };
  pieces.forEach((piece, at) => {
    if (at % 2 === 1) {
      const sign = piece === "=" ? "==" : piece;
      if (sign.startsWith(">")) backwards = true;
      signs.push(forward(sign));
      return;
    }
    const isEdge = at === 0 || at === pieces.length - 1;
    const names = splitAtCommas(piece);
    const [head = "", ...others] = names;
    const last = others.at(-1);
    // `1 <= n <= 9, 0 <= m`: a number beside a comma ends one chain and begins the next.
    if (
      !isEdge &&
      last !== undefined &&
      (isNumber(head) || isNumber(last)) &&
      !(isNumber(head) && isNumber(last) && others.length === 0)
    ) {
      parts.push([bare(head, "start")]);
      end();
      parts = [[bare(last, "end")]];
      return;
    }
    const own = at === 0 ? names.slice(-1) : at === pieces.length - 1 ? names.slice(0, 1) : names;
    // A list of names may open a chain, or close one of a single sign; `v <= n, u` goes on with something else.
    const isListed = isEdge && names.every(isName) && (at === 0 || pieces.length === 3);
    const kept = isListed ? names : own;
    parts.push(kept.map((each) => bare(each, at === 0 ? "end" : "start")).filter((each) => each !== ""));
  });
  end();
  return found.filter((chain) => chain.parts.every((part) => part.length > 0 && part.every(isExpression)));
}

function forward(sign: string): Sign {
  switch (sign) {
    case "<=":
    case ">=":
      return "<=";
    case "<":
    case ">":
      return "<";
    case "!=":
      return "!=";
    default:
      return "==";
  }
}

function bare(text: string, side: "start" | "end"): string {
  const trimmed = text
    .trim()
    .replace(/^-\s+/, "")
    .replace(/[.:]$/, "")
    .replace(/^\((?=[^()]*$)|(?<=^[^()]*)\)$/g, "");
  if (isName(trimmed) || !/[A-Za-z]{2,} |\s[A-Za-z]{2,}/.test(trimmed)) return trimmed;
  const words = trimmed.split(/\s+/);
  return (side === "end" ? words.at(-1) : words[0]) ?? "";
}

function isNumber(text: string): boolean {
  return evaluate(text.trim(), new Map()) !== undefined;
}

/** Names, numbers and what joins them; prose and single elements (`A[@1]`) are none. */
function isExpression(text: string): boolean {
  return (
    /^(?:sum\()?-?[\w\s.*+/^()[\]%'-]+(?:, ?[\w\s.*+/^()[\]%'-]+)*\)?$/.test(text) &&
    !/\[@|[A-Za-z]{2,} [A-Za-z]{2,}/.test(text)
  );
}

function isName(text: string): boolean {
  return /^\s*-?\s*[A-Za-z][\w']*(?:\[\])*(?:\.length)?\s*$/.test(text);
}

function splitAtCommas(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char === "," && depth <= 0) parts.push("");
    else parts[parts.length - 1] = `${parts.at(-1) ?? ""}${char}`;
  }
  return parts;
}
