import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startOf } from "../../src/files/same-process.ts";
import { AtomicFile, temporaryName, writeFileAtomically } from "../../src/files/atomic-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "funprm-atomic-"));
  path = join(folder, "out");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The temporary name that a process of this machine, or of another one, gives. */
function nameOf(
  file: string,
  pid: number,
  host = hostname().replace(/[^\w.-]/g, "_"),
  start = startOf(pid) ?? "",
): string {
  const began = start === "" ? "" : `${start}-`;
  return temporaryName(file).replace(/\.\d+@[^@]*@(?:\d+-)?/, `.${pid}@${host}@${began}`);
}

describe("AtomicFile", () => {
  it("has its name when it is whole, and not before", async () => {
    writeFileSync(path, "earlier");
    const file = await AtomicFile.open(path);
    await file.handle.appendFile("new");
    expect(readFileSync(path, "utf8")).toBe("earlier");
    await file.commit();
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  it("writers of one file at once each publish a whole one", async () => {
    const texts = Array.from({ length: 20 }, (_, at) => String(at).repeat(10_000));
    await Promise.all(texts.map((text) => writeFileAtomically(path, text)));
    expect(texts).toContain(readFileSync(path, "utf8"));
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  it("what goes wrong while pieces are made leaves nothing", async () => {
    function* pieces(): Generator<string> {
      yield "a";
      throw new Error("no more");
    }
    await expect(writeFileAtomically(path, pieces())).rejects.toThrow("no more");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("a name that is a folder's is refused, and leaves nothing next to it", async () => {
    await expect(writeFileAtomically(folder, "text")).rejects.toMatchObject({ code: "EISDIR" });
    expect(
      readdirSync(join(folder, "..")).filter((name) => name.startsWith(`${folder.split("/").at(-1)}.`)),
    ).toEqual([]);
  });

  it("a link is followed and stays one", async () => {
    const link = join(folder, "link");
    writeFileSync(path, "earlier");
    symlinkSync(path, link);
    await writeFileAtomically(link, "new");
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("new");
  });

  it("a device is written to and never replaced", async () => {
    const before = lstatSync("/dev/full").ino;
    await expect(writeFileAtomically("/dev/full", "text")).rejects.toMatchObject({ code: "ENOSPC" });
    expect(lstatSync("/dev/full").ino).toBe(before);
  });

  it("removes what killed processes left of the same file, and nothing that others left or still write", async () => {
    const { pid: ended } = spawnSync("true");
    const old = nameOf(path, 1, "another-machine");
    const host = hostname().replace(/[^\w.-]/g, "_");
    // The last one's number is another process's by now.
    const abandoned = [
      nameOf(path, ended),
      nameOf(path, process.pid),
      old,
      nameOf(path, process.ppid, host, "1"),
    ];
    for (const name of abandoned) writeFileSync(name, "half a");
    const long = new Date(Date.now() - 48 * 60 * 60_000);
    for (const name of abandoned.slice(1)) utimesSync(name, long, long);
    const others = [
      nameOf(path, process.ppid),
      nameOf(path, process.ppid, host, ""),
      nameOf(path, 1, "another-machine"),
      nameOf(join(folder, "out.json"), ended),
      `${path}.tmp`,
    ];
    for (const name of others) writeFileSync(name, "theirs");
    await writeFileAtomically(path, "whole");
    const left = readdirSync(folder).map((name) => join(folder, name));
    expect(left.toSorted()).toEqual([path, ...others].toSorted());
  });

  it("a process that is killed in the middle leaves the earlier file, and the next one cleans up", async () => {
    writeFileSync(path, "earlier");
    const module = new URL("../../dist/files/atomic-file.js", import.meta.url).href;
    const script = `
      import { AtomicFile } from ${JSON.stringify(module)};
      const file = await AtomicFile.open(${JSON.stringify(path)});
      await file.handle.appendFile("half");
      console.log("written");
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(readFileSync(path, "utf8")).toBe("earlier");
    expect(readdirSync(folder)).toHaveLength(2);
    await writeFileAtomically(path, "whole");
    expect(readdirSync(folder)).toEqual(["out"]);
    expect(readFileSync(path, "utf8")).toBe("whole");
  });
});
