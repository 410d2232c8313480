import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { FunprmHost } from "./run-cli.ts";

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

describe("funprm completion", () => {
  it.each([
    [["funprm", "so"], ["solve"]],
    [
      ["funprm", "solve", "--min-"],
      ["--min-gain", "--min-confidence"],
    ],
    [["funprm", "grade", "--min-"], []],
  ])("bash completes %j", async (words, expected) => {
    const { stdout } = await host.run(["completion", "bash"]);
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const script = `${stdout}\nCOMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; _funprm; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const ran = spawnSync("bash", ["-c", script], { encoding: "utf8" });
    expect(ran.stderr).toBe("");
    expect(
      ran.stdout
        .split("\n")
        .filter((line) => line !== "")
        .toSorted(),
    ).toEqual(expected.toSorted());
  });

  it("names what it knows when it is asked for another shell", async () => {
    const { code, stderr } = await host.run(["completion", "cmd"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/expected one of bash, zsh, fish; got cmd/);
  });
});
