/**
 * The lifetime of the tree-sitter parser: loaded once, used synchronously, renewed after a failure.
 *
 * A program that tree-sitter cannot take in proportionate work, space or at all gives `undefined`, never an
 * exception: its caller has the scanner to fall back on.
 */
import { readFile } from "node:fs/promises";
import { Language, Parser } from "web-tree-sitter";
import type { Node, Tree } from "web-tree-sitter";
import { FunprmError } from "../core/errors.ts";

const GRAMMAR = new URL("./vendor/tree-sitter-python.wasm", import.meta.url);

/**
 * tree-sitter reports progress every 100 operations. Real code needs about one report in 100 characters and
 * nothing but brackets six, while error recovery can need hundreds of times as many. Counting is
 * deterministic, a clock is not.
 */
const REPORTS_TO_START = 50;
const REPORTS_PER_CHARACTER = 0.1;

let loading: Promise<void> | undefined;
let language: Language | undefined;
let parser: Parser | undefined;

/** Loads the grammar; once for the process, however often it is called. Needed before `splitSteps`. */
export function loadPythonParser(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  const wasm = await readFile(GRAMMAR);
  await Parser.init();
  language = await Language.load(wasm);
}

/**
 * Parses Python and hands the root node to `use`; the tree is freed before this returns, so `use` must not
 * keep nodes. `undefined` when the parser gave up.
 */
export function withTree<Result>(text: string, use: (root: Node) => Result): Result | undefined {
  if (language === undefined) {
    throw new FunprmError("usage", "splitSteps needs the Python grammar: await loadPythonParser() first.");
  }
  const tree = parse(text, language);
  if (tree === null) return undefined;
  try {
    return use(tree.rootNode);
  } finally {
    tree.delete();
  }
}

function parse(text: string, language: Language): Tree | null {
  let reports = 0;
  /** `currentOffset` counts bytes of UTF-16; the parser stops on `true`, although its type says void. */
  const isOverBudget = (state: { readonly currentOffset: number }): boolean =>
    ++reports > REPORTS_TO_START + (state.currentOffset / 2) * REPORTS_PER_CHARACTER;
  try {
    parser ??= new Parser().setLanguage(language);
    const tree = parser.parse(text, null, { progressCallback: isOverBudget });
    // A stopped parser would go on where it stopped.
    if (tree === null) parser.reset();
    return tree;
  } catch {
    // The wasm side trapped (out of memory, stack). What it holds is not trusted again, not even to be freed.
    parser = undefined;
    return null;
  }
}
