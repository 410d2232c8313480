import { answersWith } from "../../reply/definitions.ts";
import { exampleTestsOf } from "../../statement/examples/extract-examples.ts";
import { problemOf } from "./problem-of-request.ts";

/**
 * Whether a message asks for a Python program, by three plain rules that docs/serve.md states:
 *
 *   1. it speaks of Python: the word, a `.py` file, Python code; the word may be in the system message;
 *   2. it wants no other language and no edits of files;
 *   3. it asks for a program: "write a function", "solve", "implement"; or it shows examples, or code to complete.
 *
 * @returns why it does not, for a header and the log; undefined: it does
 */
export function whyNoProgram(message: string, system: string): string | undefined {
  const prose = proseOf(message);
  if (!WORD.test(system) && !speaksOfPython(message)) return "does not speak of Python";
  if (wantsOtherLanguage(prose, message)) return "wants another language";
  if (EDITS.test(system) || EDITS.test(message)) return "wants edits of files";
  if (sentences(prose).some(wantsProgram)) return undefined;
  if (QUESTION.test(prose.trim())) return "is a question";
  return showsTask(message) ? undefined : "asks for no program";
}

const WORD = /\b(?:python|cpython)(?:[ -]?[23](?:\.\d+)?)?\b/i;
const FENCED_PYTHON = /^[ \t]*(?:```|~~~)[ \t]*\{?\.?(?:python|py)\d*\b/im;
const PYTHON_LINE = /^(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(.*|^class[ \t]+\w+(?:\(.*\))?:/m;

function speaksOfPython(message: string): boolean {
  return (
    WORD.test(message) ||
    /\b[\w-]+\.py\b/.test(message) ||
    FENCED_PYTHON.test(message) ||
    PYTHON_LINE.test(message)
  );
}

const OTHER = String.raw`(?:c\+\+|c#|objective-c|java|javascript|typescript|node\.?js|rust|golang|go|kotlin|swift|ruby|php|perl|scala|haskell|ocaml|elixir|erlang|clojure|lua|dart|julia|matlab|fortran|sql|bash|shell|powershell|html|css|assembly|c|r)`;
const END = String.raw`(?![\w+#.-]*\w)(?![+#])`;
const INTO = String.raw`(?:in|into|to|using|with)[ \t]+(?:plain |pure |modern |idiomatic )?`;
const IN_OTHER = new RegExp(String.raw`\b${INTO}${OTHER}${END}`, "i");
const OTHER_PROGRAM = new RegExp(
  String.raw`(?<![\w.])${OTHER}[ \t]+(?:program|function|method|class|code|script|solution|implementation|query)\b`,
  "i",
);
const IN_PYTHON = new RegExp(String.raw`\b${INTO}${WORD.source}`, "i");
const FENCED_OTHER =
  /^[ \t]*(?:```|~~~)[ \t]*(?:c\+\+|cpp|c|cs|csharp|java|js|jsx|javascript|ts|tsx|typescript|rust|rs|go|kotlin|swift|ruby|rb|php|scala|haskell|sql|bash|sh|html|css)\b/im;

/** "Translate this Python function to Rust" does, "rewrite this Java code in Python" does not. */
function wantsOtherLanguage(prose: string, message: string): boolean {
  if (IN_PYTHON.test(prose)) return false;
  if (IN_OTHER.test(prose)) return true;
  if (WORD.test(prose) || FENCED_PYTHON.test(message)) return false;
  return OTHER_PROGRAM.test(prose) || FENCED_OTHER.test(message);
}

/** Replies in a form that a tool applies to files; a program cannot be taken out of them. */
const EDITS =
  /<{5,} ?SEARCH|SEARCH\/REPLACE|\*\*\* Begin Patch|\bunified diff\b|^[ \t]*(?:```|~~~)[ \t]*(?:diff|udiff|patch)\b/im;

const MAKE = String.raw`(?:write|implement|create|make|build|code|develop|define|design|generate|give|show|provide|produce|return|complete|finish|fill in|solve|fix|correct|debug|repair|rewrite|refactor|optimi[sz]e|speed up|convert|translate|port|need|want|have)`;
const THING = String.raw`(?:programs?|functions?|methods?|class(?:es)?|scripts?|code|solutions?|algorithms?|implementations?|modules?|generators?|decorators?|body|one-liner)`;
/** What is written about programs, and for them. */
const ABOUT = String.raw`(?:(?:unit |doc)?tests?(?: cases?)?|test-?cases?|docstrings?|comments?|documentation|docs|readme|explanations?|summar(?:y|ies)|reviews?|essays?|articles?|blog|posts?|e-?mails?|letters?|poems?|stor(?:y|ies)|songs?|jokes?|tutorials?|guides?|lessons?|questions?|lists?|names?|titles?|reports?|plans?|introductions?|overviews?|paragraphs?|messages?|difference|type hints?)`;
/** Up to eight words, none of which says that something about a program is wanted. */
const BETWEEN = String.raw`(?:[ \t]+(?!${ABOUT}\b|about\b)[^\s]+){0,8}?[ \t]+`;
const WANTS_THING = new RegExp(String.raw`\b${MAKE}${BETWEEN}[\x60'"*(]*${THING}\b`, "i");
const WANTS_IN_PYTHON = new RegExp(
  String.raw`\b${MAKE}\b(?:[ \t]+(?!${ABOUT}\b|about\b)[^\s]+){0,20}?[ \t]+${INTO}${WORD.source}`,
  "i",
);
const SOLVES = new RegExp(
  String.raw`^(?:please |now |then |can you |could you )*(?:implement|solve|code|complete|fix|debug)\b(?!(?:[ \t]+[^\s]+){0,4}[ \t]+${ABOUT}\b)`,
  "i",
);

function wantsProgram(sentence: string): boolean {
  return WANTS_THING.test(sentence) || WANTS_IN_PYTHON.test(sentence) || SOLVES.test(sentence);
}

const QUESTION =
  /^(?:please |can you |could you )*(?:explain|describe|why|what|which|who|when|where|how|is|are|does|do|did|should|would|review|summari[sz]e|comment|document|discuss|compare|translate|add)\b/i;

/** Examples that can be run, or a function or class that has no body yet. */
function showsTask(message: string): boolean {
  const problem = problemOf(message);
  if (exampleTestsOf(problem).length > 0) return true;
  const { starterCode, entryPoint } = problem;
  return starterCode !== "" && entryPoint !== undefined && answersWith(entryPoint)(starterCode) === 1;
}

/** Without fenced code. */
function proseOf(message: string): string {
  return message.replaceAll(/^[ \t]*(```+|~~~+)[^]*?(?:^[ \t]*\1[ \t]*$|$(?![^]))/gm, "");
}

/** Long enough for any request; patterns over longer lines would take too long. */
const LOOK_AT = 600;

function sentences(prose: string): string[] {
  return prose.split(/(?<=[.!?:])\s+|\n+/).map((sentence) => sentence.trim().slice(0, LOOK_AT));
}
