import type { Evidence } from "./evidence.ts";
import { selectByEvidence } from "./selection.ts";
import type { Selector } from "./selector.ts";

/** How many of the group have the same text; blank space at line ends does not count. */
const frequency: Evidence = {
  name: "identical code",
  values: (pool, group) => {
    const texts = group.map((index) => pool[index]?.code.replace(/[^\S\n]+$/gm, "").trim() ?? "");
    const counts = new Map<string, number>();
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
    return texts.map((text) => counts.get(text) ?? 0);
  },
};

/** The text that was sampled most often: majority voting without running anything. */
export const frequent: Selector = {
  name: "frequent",
  title: "most frequent identical code",
  select: (pool) => selectByEvidence(pool, [frequency]),
};
