import type { CandidateEvidence } from "../../core/evidence.ts";
import { type Criterion, selectorBy } from "../criterion.ts";

/** Texts without blank space at line ends, by candidate: a sweep asks for the same ones thousands of times. */
const plainTexts = new WeakMap<CandidateEvidence, string>();

function plainText(candidate: CandidateEvidence | undefined): string {
  if (candidate === undefined || candidate.code === null) return "";
  const known = plainTexts.get(candidate);
  if (known !== undefined) return known;
  const lines = candidate.code.split("\n").map((line) => line.trimEnd());
  const text = lines.join("\n").trim();
  plainTexts.set(candidate, text);
  return text;
}

/** How many of the group have the same text; blank space at line ends does not count. */
const frequency: Criterion = {
  name: "identical code",
  needs: [],
  values: (pool, group) => {
    const texts = group.map((index) => plainText(pool[index]));
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return texts.map((text) => counts.get(text) ?? 0);
  },
};

/** The text that was sampled most often: majority voting without running anything. */
export const frequent = selectorBy("frequent", "most frequent identical code", [frequency]);
