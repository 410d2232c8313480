import { withoutMarkup } from "./mathematics.ts";

/** A sentence or line of the statement, and where it stands. */
export interface Sentence {
  readonly text: string;
  readonly part: "prose" | "constraints" | "input";
}

const CONSTRAINTS = /^[-#* ]*(?:\*\*)?(?:Constraints|Limits|Limitations|Restrictions)(?:\*\*)?\s*:?[-#* ]*/i;
const INPUT = /^[-#* ]*(?:\*\*)?Input(?: Format)?(?:\*\*)?\s*:?[-#* ]*$/i;
const END =
  /^[-#* ]*(?:\*\*)?(?:Outputs?(?: Format)?|(?:Sample|Example)s?\b[^.]*|Notes?|Explanation|Follow-up|Scoring)(?:\*\*)?\s*\d*\s*:?[-#* ]*$/i;

/**
 * The sentences of a statement that may say something about inputs: all before the first example, those of the
 * constraints and of the input section marked.
 */
export function sentencesOf(statement: string): Sentence[] {
  const sentences: Sentence[] = [];
  let part: "prose" | "constraints" | "input" | "none" = "prose";
  let seenExample = false;
  for (const line of withoutFences(withoutMarkup(statement)).split("\n")) {
    const heading = CONSTRAINTS.exec(line);
    if (heading) part = "constraints";
    else if (INPUT.test(line)) part = "input";
    else if (END.test(line) || /^\s*Example \d/i.test(line)) {
      seenExample ||= /sample|example/i.test(line);
      part = seenExample || /output/i.test(line) ? "none" : "prose";
    }
    if (part === "none" || (part === "prose" && seenExample)) continue;
    const text = heading ? line.slice(heading[0].length) : line;
    for (const sentence of splitSentences(text, part === "constraints"))
      sentences.push({ text: sentence, part });
  }
  return sentences;
}

/** The text of the input section, without its heading. */
export function inputSection(statement: string): string | undefined {
  const lines = withoutMarkup(statement).split("\n");
  const start = lines.findIndex((line) => INPUT.test(line));
  if (start < 0) return undefined;
  const end = lines.findIndex((line, i) => i > start && (END.test(line) || CONSTRAINTS.test(line)));
  const section = lines.slice(start + 1, end < 0 ? lines.length : end).join("\n");
  return section.trim() === "" ? undefined : section;
}

function withoutFences(text: string): string {
  return text.replace(/```[^]*?(?:```|$)/g, "");
}

function splitSentences(line: string, isConstraint: boolean): string[] {
  const text = line.replace(/^\s*[-*•·]\s+/, "").trim();
  if (text === "") return [];
  const parts = text.split(/(?<=[a-z0-9)`"'}\]$]\.)\s+(?=[A-Z(`$])/);
  return isConstraint ? parts.flatMap((part) => part.split(/;\s+/)) : parts;
}
