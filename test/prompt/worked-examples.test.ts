import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readOutline } from "../python-outline.ts";

/** The fenced blocks of a prompt file that bear the language, in order. */
function blocks(prompt: string, language: string): string[] {
  const text = readFileSync(fileURLToPath(new URL(`../../prompts/${prompt}.md`, import.meta.url)), "utf8");
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, name, body]) =>
    name === language && body !== undefined ? [body] : [],
  );
}

/** The reply of the worked example is the last Python block; the blocks before it are the given code. */
function reply(prompt: string): string {
  return blocks(prompt, "python").at(-1) ?? "";
}

/** stdout of the program in a Python process of its own. */
function runPython(program: string, input: string): string {
  return execFileSync("python3", ["-I", "-c", program], { input, encoding: "utf8" });
}

describe.each(["stdin", "method", "function"])("the worked example of prompts/%s.md", (prompt) => {
  it("keeps the rules of the prompt it is in", () => {
    const outline = readOutline(reply(prompt));
    expect(outline.functions.length).toBeGreaterThanOrEqual(2);
    expect(outline.functions.filter(({ nested }) => nested)).toEqual([]);
    expect(outline.functions.filter(({ docstring }) => docstring.length < 20)).toEqual([]);
  });

  it("gives the stated result on the stated input", () => {
    const [given, expected] = blocks(prompt, "text");
    if (given === undefined || expected === undefined) throw new Error("no input and output");
    const output =
      prompt === "stdin"
        ? runPython(reply(prompt), given)
        : runPython(`${reply(prompt)}\nprint(repr(${given.trim()}))`, "");
    expect(output).toBe(expected);
    expect(output.trim()).not.toBe("");
  });
});

describe("the order in the worked examples", () => {
  it("stdin: main first, its call is all the code below", () => {
    const outline = readOutline(reply("stdin"));
    expect(outline.functions[0]?.name).toBe("main");
    expect(outline.after).toEqual(["main()"]);
  });

  it("method: the given method first and unchanged, helpers below it in the class, nothing after it", () => {
    const [starter = ""] = blocks("method", "python");
    const given = readOutline(`${starter}        pass\n`).functions;
    const outline = readOutline(reply("method"));
    expect(given).toHaveLength(1);
    expect(outline.functions[0]).toMatchObject({ name: given[0]?.name, signature: given[0]?.signature });
    expect(outline.functions.every(({ owner }) => owner === "Solution")).toBe(true);
    expect(outline.after).toEqual([]);
  });

  it("function: the given function first and unchanged, nothing after the helpers", () => {
    const [starter = ""] = blocks("function", "python");
    const given = readOutline(`${starter}    pass\n`).functions;
    const outline = readOutline(reply("function"));
    expect(given).toHaveLength(1);
    expect(outline.functions[0]).toMatchObject({ name: given[0]?.name, signature: given[0]?.signature });
    expect(outline.functions.every(({ owner }) => owner === "")).toBe(true);
    expect(outline.after).toEqual([]);
  });
});
