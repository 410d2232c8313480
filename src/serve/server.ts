import { listen, type RunningServer } from "../http/server/listen.ts";
import { createApp } from "./app.ts";
import type { ServeContext } from "./context.ts";
import type { ServeSettings } from "./settings.ts";

/** Listens. Errors: FunprmError `usage` when the address cannot be used. */
export function startServer(
  settings: ServeSettings,
  context: Omit<ServeContext, "settings" | "stopping" | "cut">,
): Promise<RunningServer> {
  return listen(settings, (ending) => createApp({ ...context, settings, ...ending }));
}
