import type { TestCase } from "../../core/problem.ts";
import { parsePythonLiteral } from "../python/literal-text.ts";

/** xCodeEval's prompts: one line that is a list of all inputs as strings, the next a list of as many outputs. */
export function listSamples(statement: string): TestCase[] {
  const lines = statement.split("\n");
  for (let i = 0; i + 1 < lines.length; i++) {
    const inputs = stringList(lines[i]);
    const outputs = inputs && stringList(lines[i + 1]);
    if (!inputs || !outputs || inputs.length !== outputs.length) continue;
    return inputs.map((input, index) => ({
      type: "stdio",
      input: `${input}\n`,
      output: `${outputs[index] ?? ""}\n`,
    }));
  }
  return [];
}

function stringList(line: string | undefined): string[] | undefined {
  if (!line?.startsWith("[")) return undefined;
  const literal = parsePythonLiteral(line);
  if (literal?.type !== "list" || literal.items.length === 0) return undefined;
  const texts = literal.items.map((item) => (item.type === "string" ? item.value : undefined));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}
