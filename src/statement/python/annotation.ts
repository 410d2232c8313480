import type { PythonLiteral } from "./literal-text.ts";

/**
 * Whether a literal can be a value of an annotation: `int`, `float`, `str`, `bool`, `None`, `List[...]`, `Tuple[...]`,
 * `Dict[...]`, `Optional[...]`, `Any`. A `ListNode` or `TreeNode` is written as a list. Anything else fits no literal,
 * because the program gets an object that the statement only draws. "" fits everything.
 */
export function fitsAnnotation(literal: PythonLiteral, annotation: string): boolean {
  const text = annotation.replace(/["'\s]|typing\./g, "");
  if (text === "" || /^(?:any|object)$/i.test(text)) return true;
  if (text.includes("|")) return text.split("|").some((part) => fitsAnnotation(literal, part));
  const generic = /^(\w+)\[(.*)\]$/.exec(text);
  const head = (generic?.[1] ?? text).toLowerCase();
  const inner = generic?.[2] ?? "";
  switch (head) {
    case "int":
      return literal.type === "int";
    case "float":
      return literal.type === "int" || literal.type === "float";
    case "bool":
      return literal.type === "bool";
    case "str":
      return literal.type === "string";
    case "none":
      return literal.type === "none";
    case "optional":
      return literal.type === "none" || fitsAnnotation(literal, inner);
    case "union":
      return true;
    case "list":
    case "sequence":
    case "iterable":
      return literal.type === "list" && literal.items.every((item) => fitsAnnotation(item, inner));
    case "tuple":
      return literal.type === "tuple" || literal.type === "list";
    case "set":
      return literal.type === "set";
    case "dict":
    case "defaultdict":
      return literal.type === "dict";
    // Statements write these objects as lists: node-objects.ts makes them.
    case "listnode":
      return literal.type === "none" || (literal.type === "list" && literal.items.every(isNodeValue));
    case "treenode":
      return (
        literal.type === "none" ||
        (literal.type === "list" && literal.items.every((item) => item.type === "none" || isNodeValue(item)))
      );
    default:
      return false;
  }
}

function isNodeValue({ type }: PythonLiteral): boolean {
  return type === "int" || type === "float" || type === "string" || type === "bool";
}
