import { createReadStream, existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ProblemIndex } from "../../src/formats/problem-file.ts";
import { testFolder } from "./folder.ts";

const folder = testFolder();
const rows = Array.from({ length: 50 }, (_, i) => ({
  id: `suite/${i}`,
  suite: "suite",
  statement: `Größe ${"é".repeat(i)}`,
  tests: [{ input: `${i}`, output: "x".repeat(1000 * i) }],
}));

// A folder of its own: other tests unpack problems at the same time.
beforeEach(() => void vi.stubEnv("TMPDIR", folder.path));
afterEach(() => void vi.unstubAllEnvs());
const spilled = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("funprm-problems-"));

describe("ProblemIndex", () => {
  it.each([
    ["lines", (): string => folder.write("a.jsonl", rows.map((row) => JSON.stringify(row)).join("\r\n"))],
    ["a pretty list", (): string => folder.write("b.json", `\uFEFF${JSON.stringify(rows, null, 2)}`)],
    [
      "gzip",
      (): string => folder.write("c.jsonl.gz", gzipSync(rows.map((row) => JSON.stringify(row)).join("\n"))),
    ],
    [
      "a stream",
      () => createReadStream(folder.write("d.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"))),
    ],
  ])("gets any problem of %s with its tests, in any order, and leaves nothing behind", async (_, source) => {
    const before = spilled();
    const index = await ProblemIndex.open(source());
    expect(index.ids).toEqual(rows.map((row) => row.id));
    // Not even while it is open: whoever is killed cannot clean up.
    expect(spilled()).toEqual(before);
    const wanted = [49, 0, 7, 7, 23];
    const problems = await Promise.all(wanted.map((i) => index.get(`suite/${i}`)));
    for (const [at, i] of wanted.entries()) {
      expect(problems[at]).toMatchObject({
        statement: rows[i]?.statement,
        hiddenTests: { tests: [{ type: "stdio", input: `${i}`, output: rows[i]?.tests[0]?.output }] },
      });
    }
    expect((await index.get("3"))?.id).toBe("suite/3");
    expect(await index.get("suite/50")).toBeUndefined();
    await index.close();
    expect(spilled()).toEqual(before);
  });

  it("reads a Markdown problem", async () => {
    const index = await ProblemIndex.open(folder.write("p.md", "# T\n\nDo it.\n"));
    expect((await index.get("p"))?.title).toBe("T");
    await index.close();
  });

  it("names the packed file, not the unpacked one, and removes it when it cannot be read", async () => {
    const before = spilled();
    const file = folder.write(
      "bad.jsonl.gz",
      gzipSync('{"id": "a", "statement": "s"}\n{"id": "a", "statement": "t"}\n'),
    );
    await expect(ProblemIndex.open(file)).rejects.toThrow(
      `${file}:2: expected every problem once, got id "a" again (first on line 1)`,
    );
    await expect(
      ProblemIndex.open(folder.write("cut.gz", gzipSync("x".repeat(1e5)).subarray(0, 60))),
    ).rejects.toThrow("cut off");
    await expect(ProblemIndex.open(`${folder.path}/none`)).rejects.toThrow("found nothing there");
    expect(spilled()).toEqual(before);
    expect(existsSync(file)).toBe(true);
  });
});

it("says where there is no room to unpack a file", async () => {
  const packed = folder.write("packed.jsonl.gz", gzipSync(rows.map((row) => JSON.stringify(row)).join("\n")));
  vi.stubEnv("TMPDIR", `${folder.path}/no/such`);
  await expect(ProblemIndex.open(packed)).rejects.toMatchObject({
    code: "input",
    message: expect.stringContaining("TMPDIR"),
  });
});
