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

/** The problem as a Markdown text that `parseMarkdown` reads back. */
export function writeMarkdown(problem: Problem): string {
  const heading =
    problem.title === undefined || /^#{1,6}[ \t]/m.test(problem.statement) ? "" : `# ${problem.title}\n\n`;
  if (problem.starterCode === "") return `${heading}${problem.statement}\n`;
  const longest = Math.max(2, ...[...problem.starterCode.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  const code = problem.starterCode.endsWith("\n") ? problem.starterCode : `${problem.starterCode}\n`;
  return `${heading}${problem.statement}\n\n${fence}python\n${code}${fence}\n`;
}
