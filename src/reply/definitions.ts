/** What a piece of Python defines, uses and does, told from its words: it may be cut off or broken. */
import { indentOf } from "./python-text.ts";

/** The code without comments and with empty strings, every line in its place. */
export function wordsOf(code: string): string {
  return code.replaceAll(
    /#[^\n]*|("""|''')[^]*?(?:\1|$(?![^]))|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?/g,
    (text) => (text.startsWith("#") ? "" : "''") + text.replaceAll(/[^\n]/g, ""),
  );
}

/** Names that the statements in the first column bind. */
export function topLevelNames(words: string): Set<string> {
  const names = new Set<string>();
  for (const [, name] of words.matchAll(/^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)/gm)) names.add(name ?? "");
  for (const [, left = ""] of words.matchAll(/^(\w[\w, \t]{0,200}?)[ \t]*(?::[^=\n]{1,200})?=(?!=)/gm))
    for (const [name] of left.matchAll(/\w+/g)) names.add(name);
  for (const [, list = ""] of words.matchAll(/^(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+\(?([^\n)]+)/gm))
    for (const part of list.split(",")) {
      const name = /(?:\bas[ \t]+(\w+)|^[ \t]*(\w+))[^,]*$/.exec(part);
      names.add(name?.[1] ?? name?.[2] ?? "");
    }
  return names;
}

/** Names that are read and that nothing in the code binds, in whatever scope. */
export function freeNames(words: string): Set<string> {
  const bound = topLevelNames(words);
  for (const [, name] of words.matchAll(/\b(?:def|class|as|global|nonlocal|import)[ \t]+(\w+)/g))
    bound.add(name ?? "");
  for (const [, list = ""] of words.matchAll(
    /\b(?:def[ \t]+\w+[ \t]*\(|lambda\b|for\b)([^:\n]{0,300}?)(?:\)[ \t]*(?:->|:)|:|\bin\b)/g,
  ))
    for (const [name] of list.matchAll(/\w+/g)) bound.add(name);
  for (const [, left = ""] of words.matchAll(/^[ \t]+([\w, \t()*]{1,200}?)[ \t]*(?::[^=\n]{1,200})?=(?!=)/gm))
    for (const [name] of left.matchAll(/\w+/g)) bound.add(name);
  for (const [, name] of words.matchAll(/\b(\w+)[ \t]*:?=(?!=)/g)) bound.add(name ?? "");
  const used = new Set<string>();
  for (const [, name] of words.matchAll(/(?<![\w.])([A-Za-z_]\w*)/g))
    if (!bound.has(name ?? "")) used.add(name ?? "");
  return used;
}

/** Only imports, definitions and constants in the first column: it does nothing when it runs. */
export function definesOnly(words: string): boolean {
  return words
    .split("\n")
    .every((line) =>
      /^(?:[ \t)\]}]|$|(?:async[ \t]+)?(?:def|class)\b|from\b|import\b|@|\w[\w, \t]{0,200}(?::[^=]{1,200})?=(?!=)|\.\.\.|''$)/.test(
        line,
      ),
    );
}

/** It defines something or reads its input, as an example of use does not. */
export function isProgram(code: string): boolean {
  return /^[ \t]*(?:async[ \t]+def|def|class)[ \t]/m.test(code) || readsInput(code);
}

export function readsInput(code: string): boolean {
  return /\binput\(|\bstdin\b|\bopen\(0\)|\bfileinput\b|\bos\.read\(0/.test(code);
}

/** How far code answers a problem: 2 as a whole, 1 in parts, 0 not at all. */
export type Answers = (code: string) => 0 | 1 | 2;

/** Whether a name is bound by `def`, `class`, an assignment or an import, and what for: a stub answers nothing. */
export function answersWith(entryPoint: string | undefined): Answers {
  const names = (entryPoint ?? "").match(/[A-Za-z_]\w*/g) ?? [];
  if (names.length === 0)
    return (code) => (readsInput(code) && /\bprint\b|\bwrite/.test(code) ? 2 : isProgram(code) ? 1 : 0);
  const binding = names.map(
    (name) =>
      new RegExp(
        `^[ \\t]*(?:(?:async[ \\t]+)?def|class)[ \\t]+${name}\\b|^${name}[ \\t]*(?::[^=\\n]+)?=(?!=)|^(?:from|import)\\b.*\\b(?:import|as)[ \\t]+${name}[ \\t]*$`,
        "m",
      ),
  );
  return (code) =>
    !binding.every((pattern) => pattern.test(code)) ? 0 : isStub(code, names.at(-1) ?? "") ? 1 : 2;
}

/** Whether the last function or class of that name has nothing but a docstring, `pass` or `...` in it. */
function isStub(code: string, name: string): boolean {
  const words = wordsOf(code);
  const headers = words.matchAll(
    new RegExp(`^([ \\t]*)(?:async[ \\t]+)?(?:def|class)[ \\t]+${name}\\b`, "gm"),
  );
  const header = [...headers].at(-1);
  if (header === undefined) return false;
  const [first = "", ...rest] = words.slice(behindColon(words, header.index + header[0].length)).split("\n");
  const margin = header[1]?.length ?? 0;
  const end = rest.findIndex((line) => line.trim() !== "" && indentOf(line) <= margin);
  const body = [first, ...(end === -1 ? rest : rest.slice(0, end))].map((line) => line.trim());
  return body.every((line) => /^(?:|pass|\.\.\.|''|raise NotImplementedError.*)$/.test(line));
}

/** Behind the colon that ends the header, outside of its brackets. */
function behindColon(words: string, start: number): number {
  let depth = 0;
  for (let at = start; at < words.length; at += 1) {
    const char = words.charAt(at);
    if ("([{".includes(char)) depth += 1;
    else if (")]}".includes(char)) depth -= 1;
    else if (char === ":" && depth <= 0) return at + 1;
  }
  return words.length;
}
