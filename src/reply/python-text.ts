/**
 * Follows Python's strings and brackets line by line: enough to know whether the next line begins inside a
 * triple-quoted string or an open bracket, which is all that finding code in prose needs.
 */
export class PythonLines {
  /** The quotes of the string that the next line begins in. */
  triple: '"""' | "'''" | null = null;
  /** Indentation of the line that opened it. */
  tripleIndent = 0;
  /** Brackets open at the end of the last line. */
  depth = 0;

  get isInside(): boolean {
    return this.triple !== null || this.depth > 0;
  }

  take(line: string): void {
    for (let i = 0; i < line.length; i += 1) {
      const char = line[i];
      if (this.triple !== null) {
        if (char === "\\") i += 1;
        else if (line.startsWith(this.triple, i)) {
          this.triple = null;
          i += 2;
        }
      } else if (char === "#") return;
      else if (char === '"' || char === "'") {
        if (line.startsWith(char.repeat(3), i)) {
          this.triple = char === '"' ? '"""' : "'''";
          this.tripleIndent = indentOf(line);
          i += 2;
        } else i = stringEnd(line, i, char);
      } else if (char === "(" || char === "[" || char === "{") this.depth += 1;
      else if ((char === ")" || char === "]" || char === "}") && this.depth > 0) this.depth -= 1;
    }
  }
}

/** Offset of the quote that closes the string on this line, or of the line's end. */
function stringEnd(line: string, start: number, quote: string): number {
  for (let i = start + 1; i < line.length; i += 1) {
    if (line[i] === "\\") i += 1;
    else if (line[i] === quote) return i;
  }
  return line.length;
}

export function indentOf(line: string): number {
  return /^[ \t]*/.exec(line)?.[0].length ?? 0;
}

const NAME = "[A-Za-z_]\\w*";
const TARGET = `\\*?${NAME}(?:\\.${NAME}|\\[[^\\]]*\\])*`;

/** A line that opens Python and hardly ever prose. */
const STRONG = new RegExp(
  [
    `(?:async[ \\t]+)?def[ \\t]+${NAME}[ \\t]*[(\\[]`,
    `class[ \\t]+${NAME}[ \\t]*(?:[:(\\[]|$)`,
    `import[ \\t]+${NAME}(?:\\.${NAME})*(?:[ \\t]+as[ \\t]+${NAME})?[ \\t]*(?:[,;#].*)?$`,
    `from[ \\t]+\\.*(?:${NAME}(?:\\.${NAME})*)?[ \\t]+import[ \\t]+[\\w*(]`,
    `@${NAME}(?:\\.${NAME})*(?:\\(.*)?[ \\t]*$`,
    `(?:${TARGET}|\\(?${TARGET}(?:[ \\t]*,[ \\t]*${TARGET})*,?\\)?)[ \\t]*(?::[^=:]+)?(?:[-+*/%|&^@]|//|\\*\\*|<<|>>)?=(?!=)[ \\t]*\\S`,
    `(?:if|elif|while|with|for|except|match|case)\\b.*:[ \\t]*(?:#.*|[^ .].*)?$`,
    `(?:else|try|finally)[ \\t]*:`,
    `(?:print|input|exit|quit|main|solve)[ \\t]*\\(`,
    `if[ \\t]+__name__`,
  ].join("|"),
  "y",
);

/** A line that can be Python at the outermost level but could be prose or data as well. */
const WEAK = new RegExp(
  [
    `#`, `"""`, `'''`, `[rbfuRBFU]{0,2}["']`, `[)\\]}]`, `except\\b.*:`,
    `(?:return|raise|assert|del|global|nonlocal|yield|await)\\b[ \\t]+[\\w"'(\\[{*~-]`,
    `(?:pass|break|continue|return)[ \\t]*(?:#.*)?$`, `${NAME}(?:\\.${NAME})*[ \\t]*\\(.*`, `${NAME}(?:\\.${NAME})+$`,
    `\\.{3}$`,
  ].join("|"),
  "y",
); // prettier-ignore

export type LineKind = "strong" | "weak" | "prose";

/** Enough of a line to tell what it is; patterns over hostile lines of any length would take quadratic time. */
const LOOK_AT = 500;

/** What a line at the outermost level looks like. Prose about code ("def foo returns ...") is prose. */
export function lineKind(wholeLine: string): LineKind {
  const line = wholeLine.slice(0, LOOK_AT);
  STRONG.lastIndex = 0;
  WEAK.lastIndex = 0;
  if (STRONG.test(line)) return "strong";
  return WEAK.test(line) ? "weak" : "prose";
}

/**
 * Whether the text is Python from beginning to end, or nearly so: it holds a line that only Python has and at most
 * a fifth of its outermost lines are prose.
 */
export function looksLikePython(text: string): boolean {
  const state = new PythonLines();
  const count = { strong: 0, weak: 0, prose: 0 };
  let margin: number | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const inside = state.isInside;
    if (line.trim() === "") continue;
    margin ??= indentOf(line);
    if (!inside && indentOf(line) <= margin) count[lineKind(line.trimStart())] += 1;
    state.take(line);
  }
  const all = count.strong + count.weak + count.prose;
  return count.strong > 0 && count.prose * 5 <= all;
}

/** Whether the first line is a sentence: several words, none of it Python. */
export function beginsWithProse(text: string): boolean {
  const line = (/\S.*/.exec(text)?.[0] ?? "").slice(0, LOOK_AT).trimEnd();
  return lineKind(line) === "prose" && /^[A-Z][\w'`*-]*(?:[ ,]+[\w'`*().-]+){2,}.*[\w.:!?`*)]$/.test(line);
}
