import { afterAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/catalog.ts";
import { FunprmHost } from "./run-cli.ts";

const host = new FunprmHost();
afterAll(() => host[Symbol.asyncDispose]());

const NAMES = COMMANDS.map(({ name }) => name).join("|");

async function helpOf(command: string): Promise<string> {
  return (await host.run([command, "--help"])).stdout;
}

describe.each(COMMANDS)("funprm $name --help", ({ name }) => {
  it("speaks of this command alone", async () => {
    const text = await helpOf(name);
    const options = text.slice(text.indexOf("Options:"), text.indexOf("Examples:"));
    const others = new RegExp(`\\b(${NAMES})(, (${NAMES}))*: `, "g");
    expect([...options.matchAll(others)].map(([found]) => found)).toEqual([]);
  });
});

describe("a flag's help is that of the command", () => {
  it.each([
    ["solve", /--timeout <seconds> +time limit of a request \(default 600\)/],
    ["grade", /--timeout <seconds> +CPU time of a test \(default 10\)/],
    ["inputs", /--seed <integer> +seed of what is drawn at random/],
    ["bench", /--out <path> +folder of the results/],
    ["bench", /--limit <count> +only the first so many problems/],
    ["collect", /--limit <count> +programs a problem whose prefixes/],
    ["report", /--select <name> +whose choice the pages show first/],
    ["rank", /--out <path> +write to this file instead of stdout, whole or not at all\n/],
  ])("%s: %s", async (command, text) => {
    expect((await helpOf(command)).replace(/\n {10,}/g, " ")).toMatch(text);
  });

  it("collect takes no flag that its output has no place for", async () => {
    expect(await helpOf("collect")).not.toContain("--logprobs");
  });
});

describe("a mistake on the command line is told on one line", () => {
  it.each([
    [["solve", "p.json", "--modle", "x"], /unknown option '--modle'; did you mean --model\? See funprm/],
    [["slove"], /unknown command 'slove'; did you mean solve\? See funprm/],
    [["solve"], /missing required argument 'problem'\. See funprm/],
  ])("%j", async (args, message) => {
    const { code, stderr } = await host.run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain("\n");
  });
});
