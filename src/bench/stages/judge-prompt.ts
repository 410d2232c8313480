import { createHash } from "node:crypto";
import type { Problem } from "../../core/problem.ts";
import type { ChatMessage } from "../../llm/llm.ts";

const SYSTEM =
  "You are given a programming problem and a Python program. Judge whether the program solves the problem: for every input " +
  "that the statement allows, and fast enough for the largest. You cannot run it; read it.";
const QUESTION =
  "Say in a few sentences what could be wrong with the program. Then end with one line `GRADE: n`, where n is from 0 (certainly " +
  "wrong) to 100 (certainly right).";

/** sha256 of what the judge is asked, besides problem and program. */
export const JUDGE_PROMPT_SHA256 = createHash("sha256").update(`${SYSTEM}\n${QUESTION}`).digest("hex");

/** What a judge gets to see: statement, starter code and program; no id, sampler or verdict. */
export function judgeMessages({ statement, starterCode }: Problem, code: string): ChatMessage[] {
  const starter =
    starterCode === "" || statement.includes(starterCode) ? "" : block("Starter code", starterCode);
  return [
    { role: "system", content: SYSTEM },
    {
      role: "user",
      content: `# Problem\n\n${statement.trim()}\n\n${starter}${block("Program", code)}${QUESTION}`,
    },
  ];
}

/** The grade at the end of a judge's reply, in [0, 1]; null when there is none. */
export function readGrade(reply: string): number | null {
  const grade = [...reply.matchAll(/GRADE\W{0,6}(\d{1,3}(?:\.\d+)?)/gi)].at(-1)?.[1];
  if (grade === undefined || Number(grade) > 100) return null;
  return Number(grade) / 100;
}

/** A fence longer than any in the text, so that a program cannot end it. */
function block(title: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `# ${title}\n\n${fence}python\n${text.trimEnd()}\n${fence}\n\n`;
}
