/**
 * Functions of a program that does not parse, from its logical lines and their indentation alone. On valid code
 * it finds what the tree walk finds.
 */
import type { LogicalLine } from "./logical-lines.ts";
import { functionSpan } from "./program-outline.ts";
import type { FunctionSpan } from "./program-outline.ts";

interface OpenClass {
  readonly name: string;
  readonly indent: number;
  /** Indentation of its first line, once that is known. */
  bodyIndent: number | undefined;
}

export interface ScannedFunction extends FunctionSpan {
  /** Columns of the blocks open where the function ends, outermost first; the module's only if it is indented. */
  readonly blockIndents: readonly number[];
}

const DEFINITION = /(?:(async)[\s\\]+)?(def|class)[\s\\]+([\w\u0080-\uffff]+)/y;

/** Functions in program order, from the program's logical lines. */
export function scanFunctions(code: string, lines: readonly LogicalLine[]): ScannedFunction[] {
  const outline = new Outline();
  for (const line of lines) outline.add(line, definition(code, line.start));
  return outline.finish();
}

function definition(code: string, start: number): { keyword: string; name: string } | undefined {
  DEFINITION.lastIndex = start;
  const [, asynchronous, keyword = "", name = ""] = DEFINITION.exec(code) ?? [];
  return keyword === "" || (asynchronous !== undefined && keyword === "class")
    ? undefined
    : { keyword, name };
}

/** Follows the blocks that matter: classes, and the function that lines belong to. */
class Outline {
  readonly #functions: ScannedFunction[] = [];
  #moduleIndent: number | undefined;
  #classes: OpenClass[] = [];
  #open: { readonly name: string; readonly indent: number; end: number } | undefined;

  add(line: LogicalLine, definition: { keyword: string; name: string } | undefined): void {
    if (this.#open !== undefined && line.indent > this.#open.indent) {
      this.#open.end = line.end;
      return;
    }
    this.#closeFunction();
    this.#enterBlock(line.indent);
    if (definition === undefined || !this.#isInBlock(line.indent)) return;
    if (definition.keyword === "def") {
      this.#open = { name: definition.name, indent: line.indent, end: line.end };
    } else {
      this.#classes.push({ name: definition.name, indent: line.indent, bodyIndent: undefined });
    }
  }

  finish(): ScannedFunction[] {
    this.#closeFunction();
    return this.#functions;
  }

  #closeFunction(): void {
    if (this.#open === undefined) return;
    const classNames = this.#classes.map(({ name }) => name);
    this.#functions.push({
      ...functionSpan(classNames, this.#open.name, this.#open.end),
      blockIndents: [
        this.#moduleIndent ?? 0,
        ...this.#classes.map(({ bodyIndent }) => bodyIndent ?? 0),
      ].filter((indent) => indent > 0),
    });
    this.#open = undefined;
  }

  /** Leaves the classes that a line at `indent` is behind, and takes their first line's indentation as theirs. */
  #enterBlock(indent: number): void {
    while ((this.#classes.at(-1)?.indent ?? -1) >= indent) this.#classes.pop();
    const innermost = this.#classes.at(-1);
    if (innermost !== undefined) innermost.bodyIndent ??= indent;
    else this.#moduleIndent = Math.min(indent, this.#moduleIndent ?? indent);
  }

  /** Whether a line at `indent` is a statement of the module or of the innermost class, not of a block in it. */
  #isInBlock(indent: number): boolean {
    const innermost = this.#classes.at(-1);
    return indent <= ((innermost === undefined ? this.#moduleIndent : innermost.bodyIndent) ?? indent);
  }
}
