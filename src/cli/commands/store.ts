import { openOutput } from "../../console/output.ts";
import { createReporter } from "../../console/reporter.ts";
import { FunprmError } from "../../core/errors.ts";
import { readOptions } from "../../settings/options.ts";
import { openStore } from "../../solve/open-store.ts";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Invocation } from "../command.ts";

/** Prints one JSON object: counts, and every contradiction. */
export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const folder = invocation.args[0] ?? "";
  if (!existsSync(join(folder, "store.json"))) {
    throw new FunprmError(
      "usage",
      `${folder}: expected a store, a folder that was given with --verdicts; there is none`,
    );
  }
  const store = await openStore(folder);
  try {
    if (options.compact) {
      const done = await store.compact();
      if (done === undefined)
        report.warn(`another process compacts ${folder}; see ${join(folder, "compaction.lock")}`);
      else report.note(`packed ${done.packed} entries, merged ${done.merged} packs`);
    }
    const counts = await store.count();
    const conflicts = [];
    for await (const conflict of store.conflicts()) conflicts.push(conflict);
    const output = await openOutput(undefined);
    await output.write(
      `${JSON.stringify({ entries: counts.packed + counts.loose, ...counts, conflicts }, null, 1)}\n`,
    );
    return 0;
  } finally {
    await store.close();
  }
}
