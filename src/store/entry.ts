import { createHash } from "node:crypto";
import { z } from "zod";

/** What a store keeps of one piece of work, found by its key and never changed. */
export interface Entry {
  /** sha256 of everything that decides the value, hex. */
  readonly key: string;
  /** `verdict`, `evidence`, `scores`: what the value is, for people. */
  readonly kind: string;
  /** The same whoever does the work; where two differ, they are in conflict. */
  readonly value: unknown;
  /** What differs from run to run: times, memory, the machine's speed. */
  readonly measured?: unknown;
}

const entrySchema = z.object({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  kind: z.string(),
  value: z.json(),
  measured: z.json().exactOptional(),
});

/** The key of work: sha256 over the JSON text of its kind and all that decides its value, hex. */
export function entryKey(kind: string, ...parts: readonly unknown[]): string {
  return createHash("sha256")
    .update(JSON.stringify([kind, ...parts]))
    .digest("hex");
}

/** One line of JSON, with its end. */
export function entryText({ key, kind, value, measured }: Entry): string {
  return `${JSON.stringify({ key, kind, value, ...(measured !== undefined && { measured }) })}\n`;
}

/** undefined for a text that is no whole entry of this key: a damaged disk. */
export function readEntry(text: string, key: string): Entry | undefined {
  try {
    const entry = entrySchema.parse(JSON.parse(text));
    return entry.key === key ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two entries of a key say the same. */
export function saysTheSame(a: Entry, b: Entry): boolean {
  return canonical(a.value) === canonical(b.value);
}

/** JSON text in which the order of an object's fields does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
