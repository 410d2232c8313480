/** A program that a model hands over as an argument of a tool, or as a field of JSON. */
import { jsonOrUndefined } from "../core/json.ts";
import { looksLikePython } from "./python-text.ts";

const FIELDS = new Set(
  "code source program solution python answer content input script text final_answer implementation".split(
    " ",
  ),
);
/** Qwen's and MiniMax's calls in tags. */
const PARAMETER = /<parameter(?:=|[ \t]+name=")(?:code|source|program|script|input|python)"?>\r?\n?/gi;
/** Where JSON may begin: few enough to try each. */
const MOST_STARTS = 50;

/** The program in the last tool call or JSON object that holds one; undefined without. */
export function calledCode(text: string): string | undefined {
  const start = [...text.matchAll(PARAMETER)].at(-1);
  if (start !== undefined) {
    const rest = text.slice(start.index + start[0].length);
    const end = rest.search(/\r?\n?<\/parameter>/);
    return end === -1 ? rest : rest.slice(0, end);
  }
  let found: string | undefined;
  let starts = 0;
  for (let at = text.search(/[{[]/); at !== -1 && starts < MOST_STARTS; starts += 1) {
    const end = jsonEnd(text, at);
    const value = end === undefined ? undefined : parsed(text.slice(at, end));
    found = programIn(value, 0) ?? found;
    const from = value === undefined ? at + 1 : (end ?? at + 1);
    const next = text.slice(from).search(/[{[]/);
    at = next === -1 ? -1 : from + next;
  }
  return found;
}

/** Behind the bracket that closes the one at `start`. */
function jsonEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') {
      for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === "\\") at += 1;
    } else if (char === "{" || char === "[") depth += 1;
    else if ((char === "}" || char === "]") && (depth -= 1) === 0) return at + 1;
  }
  return undefined;
}

function parsed(json: string): unknown {
  const value = jsonOrUndefined(json);
  if (value !== undefined) return value;
  // Models often break lines inside strings.
  const string = /"(?:\\[^]|[^"\\])*"/g;
  return jsonOrUndefined(
    json.replaceAll(string, (text) => text.replaceAll("\n", "\\n").replaceAll("\t", "\\t")),
  );
}

const DEEPEST = 6;

function programIn(value: unknown, depth: number): string | undefined {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return undefined;
  let found: string | undefined;
  for (const [name, field] of Object.entries(value)) {
    if (typeof field === "string") {
      const inner = /^\s*[{[]/.test(field) ? programIn(parsed(field), depth + 1) : undefined;
      found = inner ?? (FIELDS.has(name.toLowerCase()) && looksLikePython(field) ? field : found);
    } else found = programIn(field, depth + 1) ?? found;
  }
  return found;
}
