/** What a statement may do only in some scopes. */
import type { Node } from "web-tree-sitter";

type Scope = "module" | "class" | "function" | "async" | "lambda";

/** The innermost scope around a node. */
export function scopeOf(node: Node): Scope {
  for (let around = node.parent; around !== null; around = around.parent) {
    if (around.type === "class_definition") return "class";
    if (around.type === "lambda") return "lambda";
    if (around.type === "function_definition")
      return around.firstChild?.type === "async" ? "async" : "function";
  }
  return "module";
}

export function functionAround(node: Node): Node | null {
  let around = node.parent;
  while (around !== null && around.type !== "function_definition") around = around.parent;
  return around;
}

/** Whether the function of a `global` or `nonlocal` statement takes or uses one of its names before it. */
export function usesBefore(statement: Node): boolean {
  const owner = functionAround(statement);
  if (owner === null || scopeOf(statement) === "class") return false;
  const names = new Set(statement.namedChildren.map(({ text }) => text));
  const from = owner.childForFieldName("parameters")?.startPosition ?? owner.startPosition;
  return owner.descendantsOfType("identifier", from, statement.startPosition).some((use) => {
    if (use.startIndex >= statement.startIndex || !names.has(use.text)) return false;
    return isName(use) && isIn(use, owner);
  });
}

/** Whether an identifier is a variable: no attribute, no keyword of a call. */
function isName(use: Node): boolean {
  const field =
    use.parent?.type === "attribute" ? "attribute" : use.parent?.type === "keyword_argument" ? "name" : "";
  return field === "" || use.parent?.childForFieldName(field)?.id !== use.id;
}

/** Whether a node belongs to a function itself: not to what is defined in it, nor to its defaults and annotations. */
function isIn(use: Node, owner: Node): boolean {
  for (let around = use.parent; around !== null; around = around.parent) {
    if (around.id === owner.id) return true;
    const { type } = around;
    if (type === "function_definition" || type === "class_definition" || type === "lambda") return false;
    if (type === "type" || /comprehension$|^generator_expression$|default_parameter$/.test(type))
      return false;
    if (type === "global_statement" || type === "nonlocal_statement") return false;
    if (type === "import_statement" || type === "import_from_statement") return false; // CPython lets these pass
  }
  return false;
}

const FEATURES = new Set(
  "nested_scopes generators division absolute_import with_statement print_function unicode_literals generator_stop annotations barry_as_FLUFL".split(
    " ",
  ),
);

/** Whether an import from `__future__` is where it counts, behind nothing but a docstring, and takes what there is. */
export function isAtTop(node: Node): boolean {
  if (node.parent?.type !== "module") return false;
  const names = node
    .childrenForFieldName("name")
    .map((name) => (name.childForFieldName("name") ?? name).text);
  if (!names.every((name) => FEATURES.has(name))) return false;
  let isDocstringSeen = false;
  for (const before of node.parent.namedChildren) {
    if (before.id === node.id) return true;
    if (before.type === "future_import_statement" || before.type === "comment") continue;
    if (isDocstringSeen || before.firstNamedChild?.type !== "string") return false;
    isDocstringSeen = true;
  }
  return false;
}
