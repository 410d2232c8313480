/**
 * What CPython refuses and tree-sitter's grammar takes: Python 2, and rules that CPython checks behind its grammar. Only what a look at
 * one node and its neighbours shows; names and scopes are left to an interpreter.
 */
import type { Node } from "web-tree-sitter";
import { refusesHandlers } from "./handlers.ts";
import { refusesParameters } from "./parameters.ts";
import { functionAround, isAtTop, scopeOf, usesBefore } from "./scopes.ts";
import { isBytes, refusesString } from "./strings.ts";
import { bindsWhatIsNoTarget } from "./targets.ts";

/** A star where an operand should be, but for what is common and right: `f(*a)`, `[*a]`. */
const STAR = /\*(?<=(?:^|[=:]|\b(?:return|del|for|if|else)\b)[ \t]*\*)(?!\*)|[({[]\*\w+ for\b/m;
/** More than names and annotations, or a name twice. */
const PARAMETERS =
  /\bdef[ \t]+\w+[ \t]*\((?:[^)]*[=*/(]|[\w, \t]{0,200}?\b(\w+)[ \t]*,[\w, \t]{0,200}?\b\1[ \t]*[,)])/;
const TUPLES = new Set(["tuple_pattern", "pattern_list", "list_pattern"]);
/** Where an expression stands without the parentheses that it would need. */
const BARE = new Set([
  "expression_statement",
  "assignment",
  "augmented_assignment",
  "return_statement",
  "delete_statement",
  "pair",
]);
const NO_SPLAT = new Set([
  "list_comprehension",
  "set_comprehension",
  "generator_expression",
  "dictionary_comprehension",
  "conditional_expression",
]);

/** Whether CPython refuses a tree that has no errors, for a reason known here. */
export function isRefused(root: Node, code: string): boolean {
  const checks = CHECKS.filter(({ hint }) => hint.test(code));
  if (checks.length === 0) return false;
  return root
    .descendantsOfType(checks.map(({ type }) => type))
    .some((node) => checks.some(({ type, refuses }) => type === node.type && refuses(node)));
}

interface Check {
  /** Of the nodes that it looks at. */
  readonly type: string;
  /** Without a match in the code there is nothing to look at: to walk a tree takes half as long as to parse it. */
  readonly hint: RegExp;
  readonly refuses: (node: Node) => boolean;
}

const CHECKS: readonly Check[] = [
  { type: "parameters", hint: PARAMETERS, refuses: refusesParameters },
  { type: "lambda_parameters", hint: /\blambda\b[^:]*[=*(,]/, refuses: refusesParameters },
  {
    type: "keyword_argument",
    hint: /[(,][ \t\n]*\w+=(?!=)[^=\n]*,/,
    refuses: (node) => {
      const name = node.childForFieldName("name")?.text;
      return siblingsBehind(node).some((other) =>
        other.type === "keyword_argument"
          ? other.childForFieldName("name")?.text === name
          : isPositional(other),
      );
    },
  },
  {
    type: "dictionary_splat",
    hint: /\*\*[^\n]*,/,
    refuses: (node) =>
      node.parent?.type === "argument_list" &&
      siblingsBehind(node).some((other) => isPositional(other) || other.type === "list_splat"),
  },
  {
    type: "for_in_clause",
    hint: /[([{][^\n]*\bfor\b[^\n:]*\bin\b[^\n:]*,/,
    refuses: (node) => node.childrenForFieldName("right").length > 1,
  },
  { type: "try_statement", hint: /\btry\b/, refuses: refusesHandlers },
  {
    type: "except_clause",
    hint: /\bexcept\b[^\n]*,/,
    refuses: (node) => node.childrenForFieldName("value").length > 1,
  },
  {
    type: "raise_statement",
    hint: /\braise\b[^\n]*,/,
    refuses: (node) => node.firstNamedChild?.type === "expression_list",
  },
  { type: "delete_statement", hint: /\bdel\b/, refuses: bindsWhatIsNoTarget },
  {
    type: "as_pattern_target",
    hint: /^[ \t]*(?:async[ \t]+)?(?:with|except)\b[^\n]*\bas[ \t]+(?:(?:None|True|False|\d+)\b|(?!\w+[ \t]*(?:[,:)#;]|$)))/m,
    refuses: bindsWhatIsNoTarget,
  },
  {
    type: "augmented_assignment",
    hint: /^[ \t]*(?:[([]|\w+[ \t]*,)[^\n=]*[-+*/%@&|^><]=/m,
    refuses: (node) => {
      const left = node.childForFieldName("left");
      const isOne = left?.type === "tuple_pattern" && !left.children.some(({ type }) => type === ",");
      return !isOne && TUPLES.has(left?.type ?? "");
    },
  },
  { type: "named_expression", hint: /:=/, refuses: (node) => BARE.has(node.parent?.type ?? "") },
  {
    type: "list_splat",
    hint: STAR,
    refuses: (node) => {
      const { parent } = node;
      if (parent === null) return false;
      // `*a,` is a tuple: elsewhere a star has nothing to go into.
      const isAlone = parent.namedChildCount === 1 && !parent.children.some(({ type }) => type === ",");
      if (parent.type === "expression_statement" || parent.type === "tuple") return isAlone;
      return BARE.has(parent.type) || NO_SPLAT.has(parent.type);
    },
  },
  {
    type: "list_splat_pattern",
    hint: STAR,
    refuses: (node) => {
      const { parent } = node;
      if (parent?.type === "assignment" || parent?.type === "for_statement") return true;
      const isPattern = TUPLES.has(parent?.type ?? "");
      return isPattern && siblingsBehind(node).some(({ type }) => type === "list_splat_pattern");
    },
  },
  {
    type: "import_statement",
    hint: /^[ \t]*import\b[^\n]*,[ \t]*(?:[#;]|$)/m,
    refuses: (node) => node.lastChild?.type === ",",
  },
  {
    type: "import_from_statement",
    hint: /^[ \t]*from\b[^\n]*\bimport\b[^\n]*(?:,[ \t]*(?:[#;]|$)|\w\.\w)/m,
    refuses: (node) =>
      node.lastChild?.type === "," ||
      node
        .childrenForFieldName("name")
        .some(({ type, namedChildCount }) => type === "dotted_name" && namedChildCount > 1),
  },
  { type: "wildcard_import", hint: /\bimport[ \t]*\*/, refuses: (node) => scopeOf(node) !== "module" },
  { type: "future_import_statement", hint: /\b__future__\b/, refuses: (node) => !isAtTop(node) },
  { type: "global_statement", hint: /\bglobal\b/, refuses: usesBefore },
  {
    type: "nonlocal_statement",
    hint: /\bnonlocal\b/,
    refuses: (node) => {
      const outer = functionAround(node);
      return outer === null || functionAround(outer) === null || usesBefore(node);
    },
  },
  { type: "await", hint: /\bawait\b/, refuses: (node) => scopeOf(node) !== "async" },
  { type: "yield", hint: /\byield\b/, refuses: (node) => ["module", "class"].includes(scopeOf(node)) },
  {
    type: "concatenated_string",
    hint: /(?<![\w"'])b["']/i,
    refuses: (node) =>
      new Set(node.namedChildren.filter(({ type }) => type === "string").map(isBytes)).size > 1,
  },
  {
    type: "string",
    hint: /\\(?:x(?![\da-f]{2})|u(?![\da-f]{4})|U)|\bur["']/i,
    refuses: ({ text }) => refusesString(text),
  },
  {
    type: "integer",
    hint: /(?<![\w.\-/:"'%])0_?\d|\d_(?!\d)|\b\d[\da-fx]*l\b/i,
    refuses: ({ text }) => /^0[\d_]*[1-9][\d_]*$|l$|_$/i.test(text),
  },
  {
    type: "comparison_operator",
    hint: /<>/,
    refuses: (node) => node.children.some(({ type }) => type === "<>"),
  },
  { type: "print_statement", hint: /\bprint\b(?![ \t]*\()/, refuses: isPython2 },
  { type: "exec_statement", hint: /\bexec\b(?![ \t]*\()/, refuses: isPython2 },
];

/** `print >> file, text` is an expression of Python 3. */
function isPython2(statement: Node): boolean {
  return statement.firstNamedChild?.type !== "chevron";
}

function siblingsBehind(node: Node): Node[] {
  const behind: Node[] = [];
  for (let next = node.nextNamedSibling; next !== null; next = next.nextNamedSibling) behind.push(next);
  return behind;
}

function isPositional({ type }: Node): boolean {
  return !["keyword_argument", "dictionary_splat", "list_splat", "comment", "line_continuation"].includes(
    type,
  );
}
