import type { Node } from "web-tree-sitter";

/** No handler at all, `else` without one, handlers of both kinds, or a bare one that is not the last. */
export function refusesHandlers(node: Node): boolean {
  const handlers = node.namedChildren.filter(({ type }) => type === "except_clause");
  const has = (type: string): boolean => node.namedChildren.some((child) => child.type === type);
  if (handlers.length === 0) return has("else_clause") || !has("finally_clause");
  const isBare = (handler: Node): boolean => handler.childForFieldName("value") === null;
  const isGroup = (handler: Node): boolean =>
    handler.children.some(({ type }) => type === "*" || type === "except*");
  if (handlers.slice(0, -1).some(isBare)) return true;
  const groups = handlers.filter(isGroup);
  return groups.some(isBare) || (groups.length > 0 && groups.length < handlers.length);
}
