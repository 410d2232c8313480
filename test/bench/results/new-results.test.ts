import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { earlierResults, lostWith, refuseFewer } from "../../../src/bench/results/earlier-results.ts";
import { finishKilledSwap, NewResults } from "../../../src/bench/results/new-results.ts";
import { PROBLEMS_NAME, RESULTS_NAME } from "../../../src/bench/results/write-run.ts";
import { syntheticRun } from "../../report/synthetic-run.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-new-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const EARLIER = {
  [PROBLEMS_NAME]: "old",
  [RESULTS_NAME]: "old",
  "report.html": "old",
  "junit.xml": "old",
  "pooled/results.json": "old",
  "scores.jsonl": "kept",
};
const LATER = {
  [PROBLEMS_NAME]: "new",
  [RESULTS_NAME]: "new",
  "report.html": "new",
  "by-sampler/a/results.json": "new",
};
/** What is left where the later results, without a junit.xml, have taken the place of the earlier ones. */
const AFTER = { ...LATER, "scores.jsonl": "kept" };

function write(place: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
}

function filesOf(place: string): Record<string, string> {
  const names = readdirSync(place, { recursive: true, encoding: "utf8" }).toSorted();
  return Object.fromEntries(
    names.flatMap((name) =>
      statSync(join(place, name)).isDirectory() ? [] : [[name, readFileSync(join(place, name), "utf8")]],
    ),
  );
}

async function written(): Promise<NewResults> {
  write(folder, EARLIER);
  const results = await NewResults.open(folder);
  const { "by-sampler/a/results.json": view, ...main } = LATER;
  write(results.placeOf(""), main);
  write(results.placeOf("by-sampler/a"), { [RESULTS_NAME]: view });
  return results;
}

it("the earlier results stay until the new ones are whole, and then nothing of them is left", async () => {
  const results = await written();
  for (const [name, text] of Object.entries(EARLIER))
    expect(readFileSync(join(folder, name), "utf8")).toBe(text);
  await results.install(["", "by-sampler/a"]);
  expect(filesOf(folder)).toEqual(AFTER);
});

it("killed while they are written: the next bench begins anew", async () => {
  await written();
  await NewResults.open(folder);
  expect(filesOf(folder)).toEqual(EARLIER);
});

/** The state in which a kill leaves the folder after so many files were moved, in the order in which they are. */
function killedAfter(moved: number): void {
  write(folder, EARLIER);
  const whole = join(folder, "results.ready");
  const { "by-sampler/a/results.json": view, ...main } = LATER;
  write(whole, main);
  write(join(whole, "by-sampler/a"), { [RESULTS_NAME]: view });
  const files = [
    { view: "", names: Object.keys(main) },
    { view: "by-sampler/a", names: [RESULTS_NAME] },
  ];
  write(whole, { "files.json": JSON.stringify(files) });
  for (const name of Object.keys(LATER).slice(0, moved)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    renameSync(join(whole, name), join(folder, name));
  }
}

it.each([0, 1, 2, 3, 4])(
  "killed when %i files were moved: whoever comes next goes on, once or twice",
  async (moved) => {
    killedAfter(moved);
    cpSync(folder, `${folder}-copy`, { recursive: true });
    await finishKilledSwap(folder);
    expect(filesOf(folder)).toEqual(AFTER);
    await finishKilledSwap(folder);
    expect(filesOf(folder)).toEqual(AFTER);
    const copy = `${folder}-copy`;
    await Promise.all([finishKilledSwap(copy), finishKilledSwap(copy)]);
    expect(filesOf(copy)).toEqual(AFTER);
    rmSync(copy, { recursive: true });
    expect(existsSync(join(folder, "results.ready"))).toBe(false);
  },
);

const run = syntheticRun({ problems: 6, candidates: 4, sweeps: false });
const names = new Set(run.data.comparison.selectors.map(({ name }) => name));
const { comparison } = run.data;

it("a bench about fewer problems or candidates is told so before it begins, and what to do", async () => {
  await refuseFewer(folder, { problems: 1, candidates: 1 });
  write(folder, { [RESULTS_NAME]: JSON.stringify(run.data) });
  expect(await earlierResults(folder)).toMatchObject({ title: run.data.title });
  const size = { problems: 6, candidates: comparison.candidates };
  await refuseFewer(folder, size);
  await refuseFewer(folder, { problems: 60, candidates: 600 });
  for (const fewer of [
    { ...size, problems: 5 },
    { ...size, candidates: size.candidates - 1 },
  ])
    await expect(refuseFewer(folder, fewer)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringMatching(/holds results of 6 problems with \d+ candidates.*\n.*--out.*--replace/),
    });
  write(folder, { [RESULTS_NAME]: "{" });
  await refuseFewer(folder, { problems: 1, candidates: 1 });
});

it("only what nobody asked to leave out is lost", () => {
  const now = run.data;
  const without = { ...now, comparison: { ...comparison, selectors: comparison.selectors.slice(0, 1) } };
  const gone = comparison.selectors[1]?.name ?? "";
  expect(lostWith(now, now, names)).toEqual([]);
  expect(lostWith(now, without, new Set([...names].slice(0, 1)))).toEqual([]);
  expect(lostWith(now, without, names).join()).toContain(gone);
  expect(lostWith(now, { ...now, complete: false }, names)).toEqual([expect.stringMatching(/cut short/)]);
  expect(lostWith({ ...now, complete: false }, now, names)).toEqual([]);
  const fewer = { ...now, comparison: { ...comparison, problems: 5 } };
  expect(lostWith(now, fewer, names)).toEqual([expect.stringMatching(/6 rows .* this bench 5/)]);
  expect(lostWith({ ...fewer, complete: false }, { ...now, complete: false }, names)).toEqual([]);
  const mixed = { ...now, producedBy: { mixed_only: true } };
  expect(lostWith(now, mixed, names)).toEqual([expect.stringMatching(/--mixed-only/)]);
  expect(lostWith(mixed, mixed, names)).toEqual([]);
});

const sent = (view: string): void =>
  write(join(folder, "run", "results.ready"), {
    "files.json": JSON.stringify([{ view, names: [RESULTS_NAME] }]),
    [RESULTS_NAME]: "moved",
    "by-sampler/x/results.json": "moved",
  });

it.each(["..", "../other", "by-sampler/../../other", "by-sampler/..", "by-sampler", "/other", "a/b"])(
  "moves nothing out of a run that somebody else sent: %s",
  async (view) => {
    write(folder, { "other/results.json": "untouched", "other/report.html": "untouched" });
    sent(view);
    await expect(finishKilledSwap(join(folder, "run"))).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/files\.json: expected the list/),
    });
    expect(filesOf(join(folder, "other"))).toEqual({
      "results.json": "untouched",
      "report.html": "untouched",
    });
  },
);

it("moves nothing through a link out of the run", async () => {
  write(folder, { "other/results.json": "untouched" });
  sent("by-sampler/x");
  mkdirSync(join(folder, "run", "by-sampler"));
  symlinkSync(join(folder, "other"), join(folder, "run", "by-sampler", "x"));
  await expect(finishKilledSwap(join(folder, "run"))).rejects.toThrow(/a link to .*other/);
  expect(filesOf(join(folder, "other"))).toEqual({ "results.json": "untouched" });
});
