import { createHash } from "node:crypto";

/** Twelve letters of a sha256: enough to tell the answers of a group apart, and little to keep. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("base64").slice(0, 12);
}
