import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exhaustiveLabels, type Probe, searchLabels } from "../../../src/rollout/lines/line-labels.ts";

const K = 20;
const found = (recoverable: boolean | null): Probe => ({
  recoverable,
  K: recoverable === null ? 0 : recoverable ? 1 : K,
  k: recoverable === true ? 1 : 0,
});

/** What probing says where the first `good` lines can be recovered from, and the lines that were asked. */
function monotone(good: number) {
  const asked: number[] = [];
  const probe = async (line: number): Promise<Probe> => {
    asked.push(line);
    return found(line < good);
  };
  return { asked, probe };
}

describe("the search for the line of no return", () => {
  it("finds what asking everywhere finds, with log2 T prefixes, where nothing lost is found again", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), fc.nat(), async (lines, at) => {
        const good = at % lines;
        const search = monotone(good);
        const everywhere = monotone(good);
        const { labels } = await searchLabels(lines, search.probe);
        expect(labels).toEqual((await exhaustiveLabels(lines, everywhere.probe)).labels);
        expect(labels.filter((label) => label === 1)).toHaveLength(good);
        expect(search.asked.length).toBeLessThanOrEqual(Math.ceil(Math.log2(lines)));
        expect(everywhere.asked).toHaveLength(lines - 1);
      }),
    );
  });

  it("takes what it does not know for lost, and does not label it", async () => {
    const { labels, probes } = await searchLabels(5, async (line) => found(line === 2 ? null : true));
    expect(labels).toEqual([1, 1, null, -1, -1]);
    expect(probes.map((probe) => probe?.recoverable)).toEqual([undefined, true, null, undefined, undefined]);
  });

  it("has nothing to ask of one line, or of none", async () => {
    const never = (): Promise<Probe> => Promise.reject(new Error("asked"));
    expect((await searchLabels(1, never)).labels).toEqual([-1]);
    expect((await exhaustiveLabels(1, never)).labels).toEqual([-1]);
    expect((await searchLabels(0, never)).labels).toEqual([]);
    expect((await exhaustiveLabels(0, never)).labels).toEqual([]);
  });
});

it("asking everywhere shows where a lost program is found again", async () => {
  const truth = [true, false, null, true];
  const { labels } = await exhaustiveLabels(5, async (line) => found(truth[line] ?? null));
  expect(labels).toEqual([1, -1, null, 1, -1]);
});
