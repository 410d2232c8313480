import type { Problem } from "../../core/problem.ts";
import { programShape } from "../../formats/problem-form.ts";
import { bareCode } from "../../reply/bare-code.ts";
import { isProgram, readsInput } from "../../reply/definitions.ts";
import { segments, segmentText } from "../../reply/fences.ts";

/** Every problem of a server has this id: it is for messages, and reaches no score. */
const ID = "request";
const DEFINES = /^(?:async[ \t]+def|def|class)[ \t]/m;
const PYTHON_INFO = /^\{?\.?(?:python|py)\d*\b/i;

/**
 * The problem that a message states. The whole message is the statement. Python in it that opens a function or a class
 * is the starter code: the last fenced block, or else lines that read as Python. Without any, a function that its tests
 * call or that it names is the entry point. What is left reads standard input.
 */
export function problemOf(text: string): Problem {
  const starterCode = shownCode(text);
  const entryPoint = starterCode === "" ? namedFunction(text) : definedFunction(starterCode, text);
  return {
    id: ID,
    statement: text,
    ...programShape(starterCode, entryPoint),
    starterCode,
    exampleTests: [],
    meta: {},
  };
}

/** Code to start from, "" when there is none; a program that reads its input is no such code. */
function shownCode(text: string): string {
  const blocks = segments(text).filter(
    ({ info }) => info !== null && (info === "" || PYTHON_INFO.test(info)),
  );
  const fenced = blocks.map((part) => segmentText(text, part)).findLast((code) => DEFINES.test(code));
  const code = fenced ?? (blocks.length > 0 ? "" : bareCode(text, isProgram));
  return DEFINES.test(code) && !readsInput(code) ? code : "";
}

const DEFINED = /^(?:async[ \t]+)?def[ \t]+(\w+)/gm;
const TESTED = /^[ \t]*(?:assert\b[^\n]*?|>>>[ \t]*)\b([A-Za-z_]\w*)\(/gm;
const NAMED = /\b(?:function|method)[ \t]+(?:named[ \t]+|called[ \t]+)?[`'"]?([A-Za-z_]\w*)[`'"]?[ \t]*\(/i;
const CALLED = /\b(?:function|method)[ \t]+(?:named|called)[ \t]+[`'"]?([A-Za-z_]\w*)/i;
const QUOTED = /`(?:def[ \t]+)?([A-Za-z_]\w*)\([^`\n]*\)(?:[ \t]*->[^`\n]*)?:?`/;

/** Of several functions the one that is tested, else the last: helpers come first. A class names its methods itself. */
function definedFunction(code: string, text: string): string | undefined {
  if (/^class[ \t]/m.test(code)) return undefined;
  const defined = [...code.matchAll(DEFINED)].map(([, name]) => name);
  const tested = [...text.matchAll(TESTED)].map(([, name]) => name);
  return defined.findLast((name) => tested.includes(name)) ?? defined.at(-1);
}

function namedFunction(text: string): string | undefined {
  const named = NAMED.exec(text) ?? CALLED.exec(text);
  if (named !== null) return named[1];
  return [...text.matchAll(TESTED)].at(0)?.[1] ?? QUOTED.exec(text)?.[1];
}
