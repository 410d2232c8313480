// Ways to score: each has run(requests) -> {rewards, seconds, tokens, cpuSeconds}, peak() in MB and stop(); `slow` ones
// get a part of the problems only.
import { openOnnxScorer } from "./setup.mjs";
import { cpuSeconds, peakMb, scoringChildren } from "./worker.mjs";

/** A worker that gets token ids ready made. */
export const asked = (worker, sequencesOf, slow) => ({
  slow,
  run: (requests) => worker.ask({ sequences: sequencesOf(requests) }),
  peak: () => worker.peakMb,
  stop: () => worker.stop(),
});

/** funprm's own scorer of a PRM folder, from text to rewards. */
export async function ours(folder) {
  const before = new Set(scoringChildren());
  const scorer = await openOnnxScorer(folder, { threads: 2 });
  const pid = scoringChildren().find((child) => !before.has(child));
  return {
    slow: false,
    run: async (requests) => {
      const [tokens, cpu, start] = [scorer.usage.tokens, cpuSeconds(pid), performance.now()];
      const results = await scorer.score(requests);
      const seconds = (performance.now() - start) / 1000;
      return {
        rewards: results.map(({ rewards }) => rewards),
        seconds,
        tokens: scorer.usage.tokens - tokens,
        cpuSeconds: cpuSeconds(pid) - cpu,
      };
    },
    peak: () => peakMb(pid),
    stop: () => scorer.close(),
  };
}
