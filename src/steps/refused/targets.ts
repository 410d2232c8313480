import type { Node } from "web-tree-sitter";

/** Whether a `del` or an `as` is given something else. */
export function bindsWhatIsNoTarget(node: Node): boolean {
  return !node.namedChildren.every((target) => isTarget(target));
}

/** What can be deleted, or bound by `as`. */
function isTarget(node: Node): boolean {
  switch (node.type) {
    case "identifier":
    case "attribute":
    case "subscript":
    case "comment":
    case "line_continuation":
      return true;
    case "tuple":
    case "list":
    case "expression_list":
    case "parenthesized_expression":
      return node.namedChildren.every((child) => isTarget(child));
    case "list_splat":
      return node.parent?.parent?.type === "as_pattern_target";
    // Words that are names outside of their own statements.
    default:
      return node.childCount === 0 && /^(?:print|exec|match|case|type|_)$/.test(node.text);
  }
}
