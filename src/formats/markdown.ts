import type { Problem } from "../core/problem.ts";
import { programShape } from "./problem-form.ts";

const FENCE = /^( {0,3})(`{3,}|~{3,})[ \t]*(?:python3?|py)[ \t]*\r?\n([^]*?)^ {0,3}\2[ \t]*(?:\r?\n|$)/gim;

/**
 * A problem as Markdown: the text is the statement, the first heading its title, and the last fenced Python block
 * that opens a function or class is the starter code, which is left out of the statement.
 */
export function parseMarkdown(text: string, id: string): Problem {
  const starters = [...text.matchAll(FENCE)].filter((match) =>
    /^(?:async[ \t]+def|def|class)[ \t]/m.test(match[3] ?? ""),
  );
  const starter = starters.at(-1);
  const starterCode = starter?.[3] ?? "";
  const statement =
    starter === undefined
      ? text
      : text.slice(0, starter.index).trimEnd() + "\n" + text.slice(starter.index + starter[0].length);
  const title = /^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*\r?$/m.exec(statement)?.[1];
  return {
    id,
    ...(title !== undefined && { title }),
    statement: statement.trim(),
    ...programShape(starterCode),
    starterCode,
    exampleTests: [],
    meta: {},
  };
}
