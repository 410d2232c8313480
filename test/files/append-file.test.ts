import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppendOnlyFile } from "../../src/files/append-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-append-"));
  path = join(folder, "lines");
});
afterEach(() => rmSync(folder, { recursive: true }));

const lock = { work: "grade", otherwise: "name another file" };

async function linesOf(): Promise<string[]> {
  const lines: string[] = [];
  const file = await AppendOnlyFile.open(path, { onLine: (line) => lines.push(line) });
  await file.close();
  return lines;
}

describe("AppendOnlyFile", () => {
  it("reads lines of any length, blank ones too, whatever their place in the chunks", async () => {
    const lines = ["a", "é".repeat(700_000), "", "b".repeat(2 ** 20 - 1), "c".repeat(3 * 2 ** 20), "d"];
    writeFileSync(path, `${lines.join("\n")}\n`);
    expect(await linesOf()).toEqual(lines);
  });

  it("writes in the order it was asked, many at once", async () => {
    const file = await AppendOnlyFile.open(path, {});
    const lines = Array.from({ length: 200 }, (_, at) => String(at).repeat(500));
    await Promise.all(lines.map((line) => file.append(line)));
    await file.close();
    expect(await linesOf()).toEqual(lines);
  });

  it("what could not be written whole is taken away, and the next line begins on its own", async () => {
    // A limit on the size of files stops a write in its middle, as a full disk does.
    const script = `
      import { AppendOnlyFile } from ${JSON.stringify(new URL("../../dist/files/append-file.js", import.meta.url))};
      process.on("SIGXFSZ", () => {});
      const file = await AppendOnlyFile.open(${JSON.stringify(path)}, {});
      await file.append("a".repeat(400));
      await file.append("b".repeat(4000)).catch((error) => console.log(error.code));
      await file.append("c");
      await file.close();`;
    const limited = spawnSync(
      "bash",
      ["-c", 'ulimit -f 1 && exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: "utf8" },
    );
    expect(limited.stdout).toBe("EFBIG\n");
    expect(readFileSync(path, "utf8")).toBe(`${"a".repeat(400)}\nc\n`);
  });

  it("is open once at a time where it is locked, through a link too, and a refusal changes nothing", async () => {
    const first = await AppendOnlyFile.open(path, { lock });
    await first.append("kept");
    const link = join(folder, "link");
    symlinkSync(path, link);
    for (const name of [path, link]) {
      await expect(AppendOnlyFile.open(name, { lock })).rejects.toMatchObject({
        code: "usage",
        message: expect.stringContaining(`${name}: another grade works here (process ${process.pid}`),
      });
    }
    await first.close();
    expect(readFileSync(path, "utf8")).toBe("kept\n");
    await (await AppendOnlyFile.open(path, { lock })).close();
    expect(readdirSync(folder).toSorted()).toEqual(["lines", "link"]);
  });

  it("a file that is refused when it is read stays as it is and is free again", async () => {
    writeFileSync(path, "one\ntwo\nthr");
    const refuse = (): void => {
      throw new Error("none of ours");
    };
    await expect(AppendOnlyFile.open(path, { lock, onLine: refuse })).rejects.toThrow("none of ours");
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\nthr");
    expect(readdirSync(folder)).toEqual(["lines"]);
  });

  it("a device is written to, and neither read nor locked", async () => {
    const file = await AppendOnlyFile.open("/dev/full", { lock, onLine: () => {} });
    await expect(file.append("a")).rejects.toMatchObject({ code: "ENOSPC" });
    await file.close();
  });
});
