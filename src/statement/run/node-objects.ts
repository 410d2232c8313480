import { entryPointIn } from "../../grade/tests/call.ts";
import type { Problem } from "../../core/problem.ts";
import { entrySignature } from "../python/signature.ts";

/** LeetCode's objects that a statement writes as lists: `[1,2,3]` is a chain, `[1,null,2]` a tree level by level. */
const NODE = /\b(ListNode|TreeNode)\b/;

/**
 * Classes of nodes as judges define them, and a wrapper that makes objects of the lists among a call's arguments and a
 * list of the object that it returns. A program may define the classes again: its own are used.
 */
const NODE_PRELUDE = `
class ListNode:
    def __init__(self, val=0, next=None):
        self.val, self.next = val, next


class TreeNode:
    def __init__(self, val=0, left=None, right=None):
        self.val, self.left, self.right = val, left, right


def _chain(values):
    head = None
    for value in reversed(values):
        node = ListNode(value)
        node.next = head
        head = node
    return head


def _tree(values):
    nodes = [None if value is None else TreeNode(value) for value in values]
    children = iter(nodes[1:])
    for node in nodes:
        if node is not None:
            node.left = next(children, None)
            node.right = next(children, None)
    return nodes[0] if nodes else None


def _object(kind, value):
    if kind is None or value is None:
        return value
    if value and isinstance(value[0], list):
        return [_object(kind, item) for item in value]
    return _chain(value) if kind == "ListNode" else _tree(value)


def _listed(value):
    if isinstance(value, (list, tuple)):
        return [_listed(item) for item in value]
    if hasattr(value, "next") and hasattr(value, "val"):
        values = []
        while value is not None and len(values) < 1000000:
            values.append(value.val)
            value = value.next
        return values
    if hasattr(value, "left") and hasattr(value, "val"):
        level, values = [value], []
        for node in level:
            values.append(None if node is None else node.val)
            if node is not None and len(level) < 1000000:
                level += [node.left, node.right]
        while values and values[-1] is None:
            values.pop()
        return values
    return value


def _with_nodes(function, kinds, returns_node):
    def call(*arguments):
        value = function(*[_object(kind, each) for kind, each in zip(kinds, arguments)])
        return [] if value is None and returns_node else _listed(value)
    return call
`;

/** What a problem with nodes adds to the prelude; "" for others. */
export function nodePrelude(problem: Problem): string {
  return nodeKinds(problem) === undefined ? "" : NODE_PRELUDE;
}

/** The program's entry point as calls with lists reach it. */
export function nodeEntryPoint(problem: Problem, code: string): string {
  const kinds = nodeKinds(problem);
  const entryPoint = entryPointIn(code, problem.entryPoint ?? "");
  if (kinds === undefined) return entryPoint;
  const names = kinds.parameters.map((kind) => (kind === undefined ? "None" : `"${kind}"`));
  return `_with_nodes(${entryPoint}, [${names.join(", ")}], ${kinds.returns ? "True" : "False"})`;
}

function nodeKinds(
  problem: Problem,
): { readonly parameters: readonly (string | undefined)[]; readonly returns: boolean } | undefined {
  const signature = problem.kind === "stdin" ? undefined : entrySignature(problem);
  if (signature === undefined) return undefined;
  const parameters = signature.parameters.map(({ annotation }) => NODE.exec(annotation)?.[1]);
  const returns = /^(?:Optional\[)?["']?(?:ListNode|TreeNode)\b/.test(signature.returns);
  return returns || parameters.some((kind) => kind !== undefined) ? { parameters, returns } : undefined;
}
