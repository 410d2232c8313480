import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { FunprmError } from "../../core/errors.ts";
import type { DownloadProgress } from "../../hub/download.ts";
import { fetchPrm, parseHubId } from "../../hub/prm.ts";
import { hubSettings } from "../../hub/settings.ts";
import type { HubSettings } from "../../hub/settings.ts";

/** The PRM that comes with the package. */
export const BUNDLED_PRM = fileURLToPath(new URL("../../../models/funprm-prm-small", import.meta.url));

export interface ResolveOptions extends DownloadProgress {
  /** Default: what `hubSettings` gives for an empty environment. */
  readonly hub?: HubSettings;
}

/**
 * Gives the folder of the PRM that a user names: nothing (the bundled one), a folder, or a hub id `org/name` or
 * `org/name@revision`. A folder of that name wins over a hub id. Only a hub id leads to a download.
 *
 * The folder may not exist or not be a PRM; `loadManifest` and `openOnnxScorer` say so.
 *
 * @throws FunprmError("model") for a hub id that cannot be had, "usage" for a server's address.
 */
export async function resolvePrm(named?: string, options: ResolveOptions = {}): Promise<string> {
  if (named === undefined) return BUNDLED_PRM;
  if (/^https?:\/\//i.test(named)) {
    throw new FunprmError(
      "usage",
      "expected a PRM folder or hub id, got the address of a server, which says neither how statement and code are put " +
        'together nor where rewards are read. Put the address into the field "endpoint" of a prm.json and give its folder.',
    );
  }
  const folder = resolve(named);
  const id = parseHubId(named);
  const exists = await stat(folder).then(
    () => true,
    () => false,
  );
  if (exists || id === null) return folder;
  return await fetchPrm(id, options.hub ?? hubSettings({}), options);
}
