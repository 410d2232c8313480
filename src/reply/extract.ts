import { bareCode } from "./bare-code.ts";
import { segments, segmentText, type Segment } from "./fences.ts";
import { beginsWithProse, looksLikePython } from "./python-text.ts";
import { withoutReasoning } from "./reasoning.ts";

export interface ExtractOptions {
  /** What the program must define: `f`, `Solution().f`, or a class. */
  readonly entryPoint?: string;
}

export interface Extraction {
  /** The program, every character as in the reply; "" when there is none. */
  readonly code: string;
  /** What a user should know before trusting the program. */
  readonly warnings: readonly string[];
}

export const NO_CODE = "no code found in the reply";

/** Text that some models print behind their answer; what follows is not theirs any more. */
const END_OF_TEXT =
  /^[^"'\n]*?(<\|(?:endoftext|im_end|eot_id|end_of_text|end)\|>|<｜end▁of▁sentence｜>|<\/s>[ \t]*$)/m;
/** A base model's prompt, printed before its answer. */
const ECHOED_INSTRUCTION = /^(?:###|@@) Instruction:?[ \t]*$/m;
const ECHOED_RESPONSE = /^(?:###|@@) Response:?[ \t]*$/gm;
const TAGGED = [
  /\[PYTHON\][ \t]*\r?\n?([^]*?)(?:\r?\n)?(?:\[\/PYTHON\]|$)/,
  /^[ \t]*<(?:code|answer|python)>[ \t]*\r?\n?([^]*?)(?:\r?\n)?(?:<\/(?:code|answer|python)>|$(?![^]))/m,
];

/**
 * The program in a model's reply. Reasoning and an echoed prompt are left out; then, of the code blocks that read as
 * Python, the one that defines the entry point, is closed, is a program rather than a usage example, and is longest;
 * without blocks the longest stretch of lines that reads as Python. Measured in benchmarks/results/extraction.md.
 */
export function extractCode(reply: string, options: ExtractOptions = {}): Extraction {
  const warnings: string[] = [];
  const { text: answer, unfinished } = withoutReasoning(reply);
  if (unfinished) warnings.push("the reply ends inside its reasoning");
  const text = withoutEcho(answer);
  const defines = definesEntryPoint(options.entryPoint);
  const parts = segments(text);
  const blocks = parts.filter((part) => isCandidate(part, text));
  const chosen = best(blocks, text, defines);
  let code = "";
  if (chosen !== undefined) {
    code = segmentText(text, chosen);
    if (!chosen.closed && chosen.info !== null)
      warnings.push("the code block is not closed: the reply may be cut off");
  } else {
    code = tagged(text) ?? (looksLikePython(text) ? text : bareCode(text, defines));
  }
  if (code.trim() === "") return { code: "", warnings: [...warnings, NO_CODE] };
  if (options.entryPoint !== undefined && !defines(code))
    warnings.push(`the code does not define ${options.entryPoint}`);
  return { code, warnings };
}

/**
 * Whether a text that should be a program is a reply: it holds a code fence, tagged code or reasoning, or begins with
 * prose before its code. A broken program is no reply.
 */
export function looksLikeReply(text: string): boolean {
  if (withoutReasoning(text).text !== text || withoutEcho(text) !== text) return true;
  if (segments(text).some((part) => part.info !== null) || /^[ \t]*\[PYTHON\]/m.test(text)) return true;
  return beginsWithProse(text) && bareCode(text, isProgram) !== "";
}

function withoutEcho(text: string): string {
  const end = END_OF_TEXT.exec(text);
  const own = end === null ? text : text.slice(0, end.index + end[0].length - (end[1] ?? "").length);
  const response = [...own.matchAll(ECHOED_RESPONSE)].at(-1);
  const echo = ECHOED_INSTRUCTION.exec(own);
  if (response === undefined || echo === null || response.index < echo.index) return own;
  return own.slice(response.index + response[0].length);
}

function tagged(text: string): string | undefined {
  for (const pattern of TAGGED) {
    const code = pattern.exec(text)?.[1];
    if (code !== undefined && code.trim() !== "") return code;
  }
  return undefined;
}

/** Fewer lines outside of all fences are a remark: a class header that the block then spells out. */
const MIN_LINES_OUTSIDE = 3;

const PYTHON_INFO = /^\{?\.?(?:python|py|python3|py3|cpython|ipython)\b/;

/** Blocks of other languages and of outputs are none, whatever they are labelled, and prose between blocks is none. */
function isCandidate(part: Segment, text: string): boolean {
  const code = text.slice(part.start, part.end);
  if (code.trim() === "") return false;
  if (part.info !== null && PYTHON_INFO.test(part.info)) return true;
  return looksLikePython(code) && (part.info !== null || linesOfCode(code) >= MIN_LINES_OUTSIDE);
}

function best(
  blocks: readonly Segment[],
  text: string,
  defines: (code: string) => boolean,
): Segment | undefined {
  const rows = blocks.map((part) => {
    const code = text.slice(part.start, part.end);
    const rank = [
      part.info === null || part.info === "" || PYTHON_INFO.test(part.info),
      defines(code),
      part.closed,
      isProgram(code),
      part.info !== null,
    ].map(Number);
    return { part, rank: [...rank, linesOfCode(code)] };
  });
  // Stable: of equals the last, which a model that corrects itself writes last.
  return rows.sort((a, b) => compare(a.rank, b.rank)).at(-1)?.part;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i === -1 ? 0 : (a[i] ?? 0) - (b[i] ?? 0);
}

/** It defines something or reads its input, as an example of use does not. */
function isProgram(code: string): boolean {
  return /^[ \t]*(?:async[ \t]+def|def|class)[ \t]|\binput\(|\bstdin\b|\bopen\(0\)/m.test(code);
}

function linesOfCode(code: string): number {
  return code.split("\n").filter((line) => /^\s*[^\s#]/.test(line)).length;
}

function definesEntryPoint(entryPoint: string | undefined): (code: string) => boolean {
  const names = (entryPoint ?? "").match(/[A-Za-z_]\w*/g) ?? [];
  if (names.length === 0) return isProgram;
  const patterns = names.map(
    (name) => new RegExp(`^[ \\t]*(?:(?:async[ \\t]+)?def|class)[ \\t]+${name}\\b`, "m"),
  );
  return (code) => patterns.every((pattern) => pattern.test(code));
}
