import type { StaticEvidence } from "./static-evidence.ts";

/** What reading found, a line each, with at most this many of a program. */
const MOST = 5;

/** Findings in words: `line 4, main: x is not defined`. Empty where nothing looks wrong. */
export function staticWarnings({ compiles, findings }: StaticEvidence): string[] {
  const texts = findings.map(({ scope, detail, line }) => {
    const place = [...(line === 0 ? [] : [`line ${line}`]), ...(scope === "" ? [] : [scope])].join(", ");
    return `${compiles ? "" : "does not compile: "}${place === "" ? "" : `${place}: `}${detail}`;
  });
  const left = texts.length - MOST;
  return left > 0 ? [...texts.slice(0, MOST), `${left} more of the kind`] : texts;
}
