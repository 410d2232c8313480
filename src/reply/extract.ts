import { bareCode } from "./bare-code.ts";
import { plainCode, plainIndents } from "./characters.ts";
import { withoutTemplate } from "./chat-template.ts";
import { chooseBlock } from "./choose-block.ts";
import { type Answers, answersWith, isProgram } from "./definitions.ts";
import { segments } from "./fences.ts";
import { fenced } from "./markup.ts";
import { beginsWithProse, looksLikePython } from "./python-text.ts";
import { withoutReasoning } from "./reasoning.ts";
import { calledCode } from "./tool-call.ts";
import { typedCode } from "./transcript.ts";

export interface ExtractOptions {
  /** What the program must define: `f`, `Solution().f`, or a class. */
  readonly entryPoint?: string;
}

export interface Extraction {
  /** The program; "" when there is none. */
  readonly code: string;
  /** What a user should know before trusting the program. */
  readonly warnings: readonly string[];
}

const NO_CODE = "no code found in the reply";

/**
 * The program in a model's reply. Reasoning, marks of the chat template and an echoed prompt are left out; then the code block that
 * answers the problem is taken (choose-block.ts), or code in HTML and tags, in a tool call, in a session's transcript; without any
 * of these the longest stretch of lines that reads as Python. Measured in benchmarks/results/extraction.md.
 */
export function extractCode(reply: string, options: ExtractOptions = {}): Extraction {
  const warnings: string[] = [];
  const { text: answer, unfinished } = withoutReasoning(reply);
  if (unfinished) warnings.push("the reply ends inside its reasoning");
  const text = plainIndents(fenced(withoutTemplate(answer)));
  const answers = answersWith(options.entryPoint);
  const chosen = chooseBlock(text, answers);
  const code = chosen?.code ?? calledCode(text) ?? plainCode(unfenced(text, answers));
  if (chosen?.isOpen === true) warnings.push("the code block is not closed: the reply may be cut off");
  if (code.trim() === "") return { code: "", warnings: [...warnings, NO_CODE] };
  if (options.entryPoint !== undefined && answers(code) === 0)
    warnings.push(`the code does not define ${options.entryPoint}`);
  return { code, warnings };
}

function unfenced(text: string, answers: Answers): string {
  const code = looksLikePython(text) ? text : bareCode(text, (part) => answers(part) === 2);
  if (answers(code) > 0) return code;
  // Sessions inside of docstrings are not what was asked for.
  const session = /^(?:>>> |In \[\d+\]: )/m.exec(text);
  const typed = session === null ? "" : typedCode(text.slice(session.index));
  return answers(typed) > 0 ? typed : code;
}

/**
 * Whether a text that should be a program is a reply: it holds a code fence, tagged code or reasoning, or begins with
 * prose before its code. A broken program is no reply.
 */
export function looksLikeReply(text: string): boolean {
  if (withoutReasoning(text).text !== text || withoutTemplate(text) !== text) return true;
  if (segments(text).some((part) => part.info !== null) || /^[ \t]*\[PYTHON\]/m.test(text)) return true;
  return beginsWithProse(text) && bareCode(text, isProgram) !== "";
}
