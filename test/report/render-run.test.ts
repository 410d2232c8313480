import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReportData } from "../../src/bench/results/report-data.ts";
import { renderRun } from "../../src/report/render-run.ts";
import { hostileRun } from "./page/hostile-run.ts";
import { type SyntheticRun, syntheticRun, writeRun } from "./synthetic-run.ts";

const run = syntheticRun({ problems: 45, candidates: 4, sweeps: false });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-report-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const written = (): ReportData => JSON.parse(read("report.json"));

/** The problems in the page, as a browser would unpack them. */
function packedProblems(): unknown[] {
  return [
    ...read("report.html").matchAll(/<script type="application\/gzip" id="chunk-\d+">([^<]*)<\/script>/g),
  ].flatMap((found): unknown[] => JSON.parse(gunzipSync(Buffer.from(found[1] ?? "", "base64")).toString()));
}

/** Python's own parser judges the XML, and says what is in it. */
function parseXml(path: string): { cases: number; failures: number; skipped: number; names: string[] } {
  const program = `import json, sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
cases = list(root.iter("testcase"))
print(json.dumps({"cases": len(cases), "failures": len(list(root.iter("failure"))), "skipped": len(list(root.iter("skipped"))), "names": [each.get("name") for each in cases]}))`;
  const { stdout, stderr } = spawnSync("python3", ["-c", program, path], { encoding: "utf8" });
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

describe("renderRun", () => {
  it("writes all forms, the same bytes every time, and leaves no half-written file", async () => {
    await writeRun(folder, run);
    const path = await renderRun(folder);
    expect(path).toBe(join(folder, "report.html"));
    const files = readdirSync(folder).toSorted();
    expect(files).toEqual([
      "junit.xml",
      "log.jsonl",
      "problems.jsonl",
      "report.html",
      "report.json",
      "report.md",
      "results.json",
      "selectors.csv",
    ]);
    const first = files.map(read);
    await renderRun(folder);
    expect(files.map(read)).toEqual(first);
    expect(packedProblems()).toEqual(JSON.parse(JSON.stringify(run.problems)));
  });

  it("writes elsewhere when asked, and leaves the run as it was", async () => {
    await writeRun(folder, run);
    const out = join(folder, "deep", "er");
    expect(await renderRun(folder, { out })).toBe(join(out, "report.html"));
    expect(existsSync(join(folder, "report.html"))).toBe(false);
  });

  it("puts another title at the head of every form, and gives five lines for a pull request", async () => {
    await writeRun(folder, run);
    let lines: readonly string[] = [];
    await renderRun(folder, { title: "Two & more", onSummary: (summary) => (lines = summary) });
    expect(read("report.html")).toContain("<title>Two &amp; more · funprm</title>");
    expect(read("report.md")).toMatch(/^# Two \\& more\n/);
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^\*\*Two \\& more\*\*: \d+ problems/);
  });

  it("shows another selector first when asked", async () => {
    await writeRun(folder, run);
    await renderRun(folder, { select: "longest" });
    expect(written().shownSelector).toBe("longest");
    expect(read("report.html")).toContain('"shown":"longest"');
    const failing = run.problems.filter(({ choices, candidates }) => {
      const chosen = choices.find(({ selector }) => selector === "longest")?.chosen ?? 0;
      return candidates[chosen]?.passed === false;
    });
    expect(parseXml(join(folder, "junit.xml"))).toMatchObject({
      cases: 45,
      failures: failing.length,
      skipped: 0,
    });
    await expect(renderRun(folder, { select: "best" })).rejects.toThrow(
      /--select: .*first, random, longest.*"best"/,
    );
  });

  it("writes figures of every selector in full precision, and empty cells for what is missing", async () => {
    const [first] = run.data.comparison.selectors;
    await writeRun(folder, { ...run, data: withMissing(run) });
    await renderRun(folder);
    const [header, ...rows] = read("selectors.csv")
      .trimEnd()
      .split("\r\n")
      .map((row) => row.split(","));
    const groups = run.data.groups.reduce((sum, { values }) => sum + values.length, 0);
    expect(rows).toHaveLength(run.data.comparison.selectors.length * (1 + groups));
    const cell = (name: string): string | undefined => rows[0]?.[header?.indexOf(name) ?? -1];
    expect(cell("selector")).toBe("first");
    expect(Number(cell("selected"))).toBe(first?.selected.value);
    expect(cell("auc")).toBe("");
    expect(cell("headroom_recovered")).toBe("");
    expect(rows.every((row) => row.length === header?.length)).toBe(true);
    for (const name of ["report.html", "report.md", "selectors.csv"]) {
      const [shown = ""] = read(name).split('<script type="application/json"');
      expect(/\b(NaN|null|undefined)\b/.exec(shown)).toBeNull();
    }
  });

  it("measures readability only when asked", async () => {
    await writeRun(folder, run);
    await renderRun(folder);
    expect(written().readability).toEqual([]);
    await renderRun(folder, { readability: true });
    const [all, chosen, passing, failing] = written().readability;
    expect(all).toMatchObject({ group: "all candidates", programs: 180, docstringShare: 1 });
    expect(chosen).toMatchObject({ group: "chosen by auto", programs: 45 });
    expect((passing?.programs ?? 0) + (failing?.programs ?? 0)).toBe(180);
    expect(all?.functionsPerProgram).toBeGreaterThan(2);
    expect(read("report.md")).toContain("## Readability");
  });

  it("keeps hostile texts out of every form's own syntax", async () => {
    await writeRun(folder, hostileRun());
    await renderRun(folder);
    expect(read("report.html").match(/<script>/g)).toHaveLength(1);
    expect(/<img|<b>&lt;b&gt;/.test(read("report.html"))).toBe(false);
    expect(parseXml(join(folder, "junit.xml"))).toMatchObject({ cases: 30, failures: expect.any(Number) });
    const lines = read("report.md").split("\n");
    expect(lines.filter((line) => /^\s*(<|```)/.test(line))).toEqual([]);
    for (const line of lines.filter((each) => each.startsWith("|"))) {
      expect(line).not.toMatch(/(?<!\\)<(script|img)/);
    }
  });
});

/** What `results.json` holds where nothing could be averaged. */
function withMissing({ data }: SyntheticRun): ReportData {
  const nothing = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const comparison = {
    ...data.comparison,
    mixed: { problems: 0, random: Number.NaN },
    selectors: data.comparison.selectors.map((summary) => ({
      ...summary,
      headroomRecovered: null,
      mixed: summary.name === "auto" ? { selected: nothing, auc: nothing } : null,
    })),
  };
  return { ...data, comparison };
}

describe("an unfinished run", () => {
  it("loses only the line that was cut off, wherever the cut is", async () => {
    await writeRun(folder, run);
    const path = join(folder, "problems.jsonl");
    const whole = readFileSync(path);
    const lines = whole.toString().split("\n");
    const end = Buffer.byteLength(lines.slice(0, 40).join("\n")) + 1;
    for (const extra of [1, 200, 3000]) {
      writeFileSync(path, whole);
      truncateSync(path, end + extra);
      await renderRun(folder);
      expect(packedProblems()).toHaveLength(40);
      expect(written()).toMatchObject({ complete: false });
      expect(written().notes.join("\n")).toMatch(/cut off/);
      expect(written().notes.join("\n")).toMatch(/holds 40 of the 45 problems/);
    }
    // Between two lines nothing is lost, with or without the last line's end.
    for (const bytes of [end, end - 1]) {
      writeFileSync(path, whole.subarray(0, bytes));
      await renderRun(folder);
      expect(packedProblems()).toHaveLength(40);
      expect(written().notes.join("\n")).not.toMatch(/cut off/);
    }
  });

  it("survives a cut inside a letter", async () => {
    await writeRun(folder, run);
    appendFileSync(join(folder, "problems.jsonl"), Buffer.from([...Buffer.from('{"id":"'), 0xe2, 0x82]));
    await renderRun(folder);
    expect(packedProblems()).toHaveLength(45);
  });

  it("has figures of the finished problems where the bench wrote none", async () => {
    await writeRun(folder, run);
    rmSync(join(folder, "results.json"));
    await renderRun(folder);
    const { comparison, complete, shownSelector } = written();
    expect(complete).toBe(false);
    expect(shownSelector).toBe("auto");
    for (const [at, summary] of run.data.comparison.selectors.entries()) {
      const ours = comparison.selectors[at];
      expect(ours?.name).toBe(summary.name);
      expect(ours?.selected.value).toBeCloseTo(summary.selected.value, 12);
      expect(ours?.mixed?.selected.value).toBeCloseTo(summary.mixed?.selected.value ?? 0, 12);
      expect(ours?.mixed?.auc.value).toBeNull();
    }
    expect(read("report.md")).toContain("**Unfinished**");
  });
});

describe("what is no run", () => {
  it.each<[string, () => void, RegExp]>([
    [
      "nothing there",
      () => rmSync(folder, { recursive: true }),
      /expected a folder that `funprm bench --out` wrote.*there is nothing/,
    ],
    ["an empty folder", () => {}, /it has neither/],
    [
      "a file",
      () => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "");
      },
      /it is a file/,
    ],
    [
      "a folder for results.json",
      () => mkdirSync(join(folder, "results.json")),
      /results\.json: cannot be read/,
    ],
    [
      "no JSON",
      () => writeFileSync(join(folder, "results.json"), "{"),
      /results\.json: expected JSON.*resumes/,
    ],
    [
      "another JSON",
      () => writeFileSync(join(folder, "results.json"), "{}"),
      /results\.json: not as this version.*format/,
    ],
    [
      "problems only, none of them whole",
      () => writeFileSync(join(folder, "problems.jsonl"), '{"id"'),
      /at least one finished problem/,
    ],
  ])("%s", async (_, make, message) => {
    make();
    await expect(renderRun(folder)).rejects.toThrow(message);
    await expect(renderRun(folder)).rejects.toMatchObject({ name: "FunprmError", code: "input" });
  });

  it("names the line of a problem that is none", async () => {
    await writeRun(folder, run);
    const lines = read("problems.jsonl").split("\n");
    writeFileSync(
      join(folder, "problems.jsonl"),
      [...lines.slice(0, 6), '{"id": 7}', ...lines.slice(7)].join("\n"),
    );
    await expect(renderRun(folder)).rejects.toThrow(
      /problems\.jsonl:7: not as this version of funprm writes it: id/,
    );
    expect(existsSync(join(folder, "report.html"))).toBe(false);
  });

  it("a place that cannot be written says so, and what to do", async () => {
    await writeRun(folder, run);
    mkdirSync(join(folder, "report.html"));
    await expect(renderRun(folder)).rejects.toMatchObject({
      code: "input",
      message: expect.stringMatching(/expected to write there, got EISDIR.* --out/),
    });
  });
});
