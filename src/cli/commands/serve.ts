import { once } from "node:events";
import { printLine } from "../../console/output.ts";
import { createReporter } from "../../console/reporter.ts";
import { Gate } from "../../http/server/gate.ts";
import { startServer } from "../../serve/server.ts";
import { serveSettings } from "../../serve/settings.ts";
import { openUpstream } from "../../serve/upstream.ts";
import { readOptions } from "../../settings/options.ts";
import { withMethod } from "../../solve/open-method.ts";
import type { Invocation } from "../command.ts";

/** Milliseconds that requests under way get when the server is to stop: service managers kill after ten seconds. */
const GRACE_MS = 8000;

export async function run(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const settings = serveSettings(options);
  const upstream = await openUpstream(settings);
  try {
    return await withMethod(options, report, signal, async (open) => {
      // Whoever asks first would wait for it, and a machine where nothing runs should say so now.
      await open.sandbox();
      const { chosenAtOnce, queue, passedAtOnce } = settings;
      const gates = {
        chosen: new Gate({ name: "requests for programs", atOnce: chosenAtOnce, queue }),
        passed: new Gate({ name: "requests", atOnce: passedAtOnce, queue: 0 }),
      };
      const server = await startServer(settings, { upstream, open, report, gates });
      await printLine(server.url);
      report.note(`best of ${settings.defaultN} from ${settings.model} at ${upstream.url}; Ctrl-C stops`);
      if (!signal.aborted) await once(signal, "abort");
      await server.stop(GRACE_MS);
      return 0;
    });
  } finally {
    await upstream.close();
  }
}
