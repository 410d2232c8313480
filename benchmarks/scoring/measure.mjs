import { loadavg } from "node:os";
import { readResult, writeResult } from "./setup.mjs";

/**
 * Scores every problem of every case in every way, problem by problem, so that all ways meet the same conditions. Slow ways
 * get problems at equal distances of the same list. Written after each problem; a case without problems keeps what an earlier
 * run found.
 */
export async function measure({ name, ways, cases, requestsOf, describe }) {
  const result = readResult(name, { cases: {}, peaks: {} });
  const first = Object.values(cases).flatMap(({ problems }) => problems)[0];
  for (const way of Object.values(ways)) await way.run(requestsOf(first).slice(0, 1));
  for (const [title, { problems, slow }] of Object.entries(cases)) {
    if (problems.length > 0) result.cases[title] = [];
    for (const [index, problem] of problems.entries()) {
      const requests = requestsOf(problem);
      const entry = {
        ...describe(problem, requests),
        steps: requests.reduce((sum, { steps }) => sum + steps.length, 0),
        candidates: requests.length,
        ways: {},
      };
      const slowToo =
        Math.floor((index * slow) / problems.length) !== Math.floor(((index - 1) * slow) / problems.length);
      for (const [way, { slow: isSlow, run }] of Object.entries(ways)) {
        if (isSlow && !slowToo) continue;
        entry.ways[way] = await run(requests);
      }
      result.cases[title].push(entry);
      for (const [way, { peak }] of Object.entries(ways))
        result.peaks[way] = Math.max(peak(), result.peaks[way] ?? 0);
      result.load = loadavg()[0].toFixed(1);
      writeResult(name, result);
      process.stderr.write(`${title}: ${index + 1} of ${problems.length}\n`);
    }
  }
  for (const { stop } of Object.values(ways)) await stop();
}
