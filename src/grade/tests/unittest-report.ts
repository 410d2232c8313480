import { createHash } from "node:crypto";
import { z } from "zod";

const errorSchema = z.tuple([z.string(), z.string()]);
const messageSchema = z.union([
  z.strictObject({ tests: z.array(z.string()).min(1) }),
  z.strictObject({ id: z.string(), outcome: z.enum(["pass", "fail", "error"]), message: z.string() }),
  z.strictObject({ done: z.int() }),
  z.strictObject({ load: errorSchema }),
  z.strictObject({ broken: errorSchema }),
  z.strictObject({ changed: z.string() }),
  z.strictObject({ tampered: z.string() }),
]);

/** What the runner in the program's interpreter says, one message a line (sandbox/python/unittest_runner.py). */
export type Message = z.infer<typeof messageSchema>;

const LINE = /^([0-9a-f]{32}) ((\d+) (.*))$/s;

/**
 * The messages of a report; undefined when one is missing, out of order or not signed with the run's key. The program shares the
 * report's descriptor and may learn what was written there, so each signature covers the message and its number.
 */
export function readMessages(report: string, key: string): Message[] | undefined {
  const messages: Message[] = [];
  for (const line of report.split("\n").filter((text) => text !== "")) {
    const [, signature, body = "", number, json = ""] = LINE.exec(line) ?? [];
    if (signature !== signatureOf(body, key) || number !== String(messages.length)) return undefined;
    try {
      messages.push(messageSchema.parse(JSON.parse(json)));
    } catch {
      return undefined;
    }
  }
  return messages;
}

function signatureOf(body: string, key: string): string {
  const inner = createHash("sha512").update(key).update(body).digest();
  return createHash("sha512").update(key).update(inner).digest("hex").slice(0, 32);
}

/** `["ValueError", "message"]` as the runner describes an exception. */
export function readError(message: string): [string, string] {
  try {
    return errorSchema.parse(JSON.parse(message));
  } catch {
    return ["Error", message];
  }
}
