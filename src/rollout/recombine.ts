import { classOf, type Outline, type Part } from "./outline.ts";
import type { Prefix } from "./prefix.ts";

type Beginning = Pick<Prefix, "outline" | "step" | "text">;

/**
 * Continues a prefix with what another real program of the same problem has and the prefix has not: the methods of the
 * class that the prefix has begun, then the other functions and classes, then the module code at the end. `undefined`
 * when the two do not fit: another class, another indentation, a class that the prefix has already closed.
 */
export function continuation(prefix: Beginning, donor: Outline): string | undefined {
  const begun = prefix.outline.parts.slice(0, prefix.step + 1);
  const defined = new Set(begun.map(({ defines }) => defines));
  const last = begun.at(-1);
  if (last === undefined) return undefined;
  const rest = donor.parts.filter(({ defines }) => !defined.has(defines));
  const inside = last.className === "" ? [] : rest.filter(({ className }) => className === last.className);
  const outside = rest.filter((part) => !inside.includes(part));
  if (last.className !== "" && !donor.parts.some(({ className }) => className === last.className)) {
    return undefined;
  }
  const classes = new Set(begun.map(({ className }) => className).filter((name) => name !== ""));
  if (outside.some(({ className }) => classes.has(className))) return undefined;
  const indent = indentOf(last);
  const methods = inside.map(withoutClassHeader);
  if (inside.some((part) => indentOf(part) !== indent)) return undefined;
  return [...methods, ...outside.map(({ text }) => text)].map(endLine).join("") + donor.tail;
}

/** The white space before a function's `def`. */
export function indentOf({ name, text }: Part): string | undefined {
  const bare = name?.slice(classOf(name).length).replace(/^\./, "");
  return new RegExp(`^([ \\t]*)(?:async[ \\t]+)?def[ \\t]+${bare}\\b`, "m").exec(text)?.[1];
}

/** A class's first method carries the class header, and imports before it: inside the class they have no place. */
function withoutClassHeader({ text, className }: Part): string {
  const bare = className.slice(className.lastIndexOf(".") + 1);
  const header = new RegExp(`^[ \\t]*class[ \\t]+${bare}\\b`, "m").exec(text);
  if (header === null) return text;
  let depth = 0;
  for (let at = header.index; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === "(" || sign === "[") depth += 1;
    if (sign === ")" || sign === "]") depth -= 1;
    if (sign === ":" && depth === 0) return text.slice(text.indexOf("\n", at) + 1);
  }
  return text;
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
