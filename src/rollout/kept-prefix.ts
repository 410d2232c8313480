import { outlineOf } from "./outline.ts";
import type { Prefix, PrefixText } from "./prefix.ts";

/** What a prefix is opened with in a prompt, and what ends its continuation. */
export const FENCE = "```python\n";
const CLOSING = /^[ \t]*```/m;

/**
 * The prefix as it is sent: without white space at its end, which chat templates drop and some APIs refuse. A model
 * continues it with the line break.
 */
export function sentPrefix({ text }: Pick<PrefixText, "text">): string {
  return text.trimEnd();
}

/**
 * The program that a reply continues the prefix to; null when the reply does not keep it: it begins anew, goes on inside
 * the prefix's last function, or defines one of the prefix's functions again. A reply may repeat the prefix first, as
 * some servers echo it.
 */
export function keptProgram(prefix: Prefix, reply: string): string | null {
  const sent = sentPrefix(prefix);
  const program = joined(sent, reply);
  if (program === null) return null;
  const { steps, parts } = outlineOf(program);
  const own = prefix.outline.steps.slice(0, prefix.step + 1);
  const defined = new Set(prefix.outline.parts.slice(0, own.length).map(({ defines }) => defines));
  const isKept = own.every((step, at) => {
    const found = steps[at];
    const last = at === own.length - 1;
    return (
      found !== undefined && found.name === step.name && sameEnd(found.end, step.end, last, program, sent)
    );
  });
  const isNew = parts.slice(own.length).every(({ defines }) => !defined.has(defines));
  return isKept && isNew ? program : null;
}

/**
 * The same for a prefix that ends with any line: the reply may go on inside a function, and must not define one anew that
 * the prefix has begun.
 */
export function keptLines(prefix: PrefixText, reply: string): string | null {
  const sent = sentPrefix(prefix);
  const program = joined(sent, reply);
  if (program === null) return null;
  const names = outlineOf(program).parts.map(({ defines }) => defines);
  const begun = new Set(outlineOf(`${sent}\n`).parts.map(({ defines }) => defines));
  const isNew = names.every((name, at) => name === null || !begun.has(name) || names.indexOf(name) === at);
  return isNew ? program : null;
}

/** A prefix with the reply that continues it, up to the closing fence; null when the reply has begun anew. */
function joined(sent: string, reply: string): string | null {
  const echoed = [`${FENCE}${sent}`, sent].find((beginning) => reply.startsWith(beginning));
  const rest = echoed === undefined ? reply : reply.slice(echoed.length);
  const end = CLOSING.exec(rest);
  // A fence with a language opens a block.
  if (end !== null && /^[ \t]*```[ \t]*\w/.test(rest.slice(end.index))) return null;
  const code = end === null ? rest : rest.slice(0, end.index);
  return `${sent}${code.trimEnd()}\n`;
}

/** Steps of equal beginnings end at the same place; the prefix's last one lost white space on its way. */
function sameEnd(found: number, own: number, last: boolean, program: string, sent: string): boolean {
  return last ? program.slice(0, found).trimEnd() === sent : found === own;
}
