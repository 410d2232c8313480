import type { Node } from "web-tree-sitter";

/** Whether a literal is one of bytes. */
export function isBytes(string: Node): boolean {
  return /^[a-z]*b/i.test(string.text);
}

/** The prefix of Python 2's raw unicode, or an escape that is cut off. */
export function refusesString(text: string): boolean {
  const prefix = /^[a-z]*/i.exec(text)?.[0].toLowerCase() ?? "";
  if (prefix === "ur") return true;
  if (prefix.includes("r")) return false;
  const body = text.slice(prefix.length).replaceAll("\\\\", "");
  return prefix.includes("b")
    ? /\\x(?![\da-f]{2})/i.test(body)
    : /\\(?:x(?![\da-fA-F]{2})|u(?![\da-fA-F]{4})|U(?!00(?:0[\da-fA-F]|10)[\da-fA-F]{4}))/.test(body);
}
