import type { Outline, Part } from "./outline.ts";
import { indentOf } from "./recombine.ts";

/**
 * A program with some of its methods, `Class.method`, as other programs have them. A donor's imports come along, and so do
 * the methods of its class that a taken one calls and the base lacks. undefined when they do not fit: another indentation,
 * a class that the base lacks, code that is cut off.
 */
export function withMethods(base: Outline, donors: ReadonlyMap<string, Outline>): string | undefined {
  const parts = base.parts.map((part) => ({ part, text: part.text }));
  const imports = new Set<string>();
  for (const [method, donor] of donors) {
    const taken = takenParts(method, base, donor);
    if (taken === undefined) return undefined;
    for (const each of taken) {
      const indent = indentOf(each);
      const lastOfClass = parts.findLastIndex(({ part }) => part.className === each.className);
      const sibling = parts[lastOfClass];
      if (indent === undefined || sibling === undefined || indentOf(sibling.part) !== indent)
        return undefined;
      const own = parts.findIndex(({ part }) => part.defines === each.defines);
      const body = endLine(each.text.slice(startOf(each)));
      const replaced = parts[own];
      if (replaced === undefined) parts.splice(lastOfClass + 1, 0, { part: each, text: `\n${body}` });
      else replaced.text = replaced.part.text.slice(0, startOf(replaced.part)) + body;
    }
    for (const line of importLines(donor)) if (!importLines(base).includes(line)) imports.add(`${line}\n`);
  }
  const code = parts.map(({ text }) => endLine(text)).join("") + base.tail;
  // `from __future__` must stay first, and nobody else's matters.
  return [...imports].join("") + code;
}

/** The method's part, and those of its class that it needs from the donor. */
function takenParts(method: string, base: Outline, donor: Outline): Part[] | undefined {
  const taken = donor.parts.find(({ defines }) => defines === method);
  if (taken === undefined || !taken.complete) return undefined;
  const found = [taken];
  // The list grows while it is walked: what a needed method needs comes too.
  for (const { text } of found) {
    for (const [, bare] of text.matchAll(/\b(?:self|cls)\.([A-Za-z_]\w*)/g)) {
      const name = `${taken.className}.${bare}`;
      const isThere = [...base.parts, ...found].some(({ defines }) => defines === name);
      const needed = donor.parts.find(({ defines }) => defines === name);
      if (!isThere && needed !== undefined) found.push(needed);
    }
  }
  return found;
}

/** Where a method begins, decorators included: imports, the class header, its docstring and fields come before it. */
function startOf({ name, text }: Part): number {
  const bare = name?.slice(name.lastIndexOf(".") + 1);
  const found = new RegExp(`^(?:[ \\t]*@[^\\n]*\\n)*[ \\t]*(?:async[ \\t]+)?def[ \\t]+${bare}\\b`, "m").exec(
    text,
  );
  return found?.index ?? 0;
}

function importLines({ parts }: Outline): string[] {
  const [first] = parts;
  return first === undefined
    ? []
    : (first.text.match(/^(?:import|from)[ \t](?!__future__)[^\n(\\]+$/gm) ?? []);
}

function endLine(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** A program to begin with, and whose methods to take instead of its own: positions among the candidates. */
export interface MethodChoice {
  readonly base: number;
  readonly donors: ReadonlyMap<string, number>;
}

/**
 * The candidate with the best methods on the whole (the first of equals), and for each method that another has a better
 * reward for, the first that has the best. undefined without candidates.
 */
export function chooseMethods(rewards: readonly ReadonlyMap<string, number>[]): MethodChoice | undefined {
  const sums = rewards.map((methods) => [...methods.values()].reduce((sum, reward) => sum + reward, 0));
  const base = sums.indexOf(Math.max(...sums));
  const own = rewards[base];
  if (own === undefined) return undefined;
  const donors = new Map<string, number>();
  for (const [method, reward] of own) {
    const all = rewards.map((methods) => methods.get(method) ?? 0);
    const best = Math.max(...all);
    if (best > reward) donors.set(method, all.indexOf(best));
  }
  return { base, donors };
}
