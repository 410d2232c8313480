import * as fc from "fast-check";
import { expect, test } from "vitest";
import { planJobs } from "../../../src/prm/scoring/request-jobs.ts";

const word = fc.constantFrom("", "a", "b", '","');
const request = fc.record({ statement: word, steps: fc.array(word, { maxLength: 3 }) });

test("every request finds its equal among the jobs, which hold no request twice", () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 400 }), (requests) => {
      const { jobs, slots } = planJobs(requests);
      const sent = jobs.flat();
      expect(slots.map((slot) => sent[slot])).toEqual(requests);
      expect(new Set(sent.map((request) => JSON.stringify(request))).size).toBe(sent.length);
    }),
  );
});

test("many statements make many jobs; one statement's candidates stay together", () => {
  const many = Array.from({ length: 1000 }, (_, index) => ({ statement: `${index}`, steps: ["a", "b"] }));
  expect(Math.max(...planJobs(many).jobs.map((job) => job.length))).toBeLessThanOrEqual(64);

  const interleaved = Array.from({ length: 300 }, (_, index) => ({
    statement: `${index % 3}`,
    steps: [`${index}`],
  }));
  for (const job of planJobs(interleaved).jobs) {
    const statements = new Set(job.map(({ statement }) => statement));
    expect(job).toHaveLength(100 * statements.size);
  }
});

test("no job grows with the number of candidates", () => {
  const requests = Array.from({ length: 2000 }, (_, index) => ({ statement: "s", steps: [`${index}`] }));
  const { jobs, slots } = planJobs(requests);
  expect(Math.max(...jobs.map((job) => job.length))).toBe(512);
  const sent = jobs.flat();
  expect(slots.map((slot) => sent[slot])).toEqual(requests);
});
