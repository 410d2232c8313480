import { createHash } from "node:crypto";
import type { Source } from "./collect.ts";
import { properPrefixes } from "./prefix.ts";

/**
 * At most `limit` different programs a problem, in their order; which ones depends on seed and code alone, so that a
 * greater limit keeps those of a smaller one. Copies of a chosen program stay out.
 */
export function chooseSources(sources: readonly Source[], limit: number | undefined, seed: number): Source[] {
  const different = new Map<string, Source>();
  for (const source of sources) {
    const key = JSON.stringify([source.candidate.problemId, source.outline.code]);
    if (!different.has(key)) different.set(key, source);
  }
  if (limit === undefined) return [...different.values()];
  const chosen = new Set<Source>();
  for (const group of byProblem([...different.values()]).values()) {
    const ranked = group
      .map((source) => ({ source, key: sha256(`${seed} ${source.outline.code}`) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { source } of ranked.slice(0, limit)) chosen.add(source);
  }
  return [...different.values()].filter((source) => chosen.has(source));
}

/** Programs by problem id, in their order. */
export function byProblem(sources: readonly Source[]): Map<string, Source[]> {
  const groups = new Map<string, Source[]>();
  for (const source of sources) {
    const group = groups.get(source.candidate.problemId);
    if (group === undefined) groups.set(source.candidate.problemId, [source]);
    else group.push(source);
  }
  return groups;
}

/** What K rollouts of every prefix come to, before any is made. */
export interface RolloutForecast {
  readonly programs: number;
  /** Different prefixes; equal ones of a problem are completed once. */
  readonly prefixes: number;
  /** At most: a pool may hold fewer programs to continue with, and equal programs are graded once. */
  readonly rollouts: number;
}

export function forecastRollouts(sources: readonly Source[], count: number): RolloutForecast {
  const prefixes = new Set(
    sources.flatMap(({ candidate, outline }) =>
      properPrefixes(candidate, outline).map(({ problemId, sha256: hash }) => `${problemId} ${hash}`),
    ),
  );
  return { programs: sources.length, prefixes: prefixes.size, rollouts: prefixes.size * count };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
