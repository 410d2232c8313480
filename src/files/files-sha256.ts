import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { FunprmError } from "../core/errors.ts";
import { refuseIrregular } from "./small-file.ts";

/** sha256 of each file, hex: what a result was made from. */
export async function sha256OfFiles(files: readonly string[]): Promise<string[]> {
  const sums: string[] = [];
  for (const file of files) {
    const hash = createHash("sha256");
    try {
      await refuseIrregular(file);
      for await (const chunk of createReadStream(file)) hash.update(chunk);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new FunprmError("input", `${file}: cannot be read: ${why}`, { cause });
    }
    sums.push(hash.digest("hex"));
  }
  return sums;
}
