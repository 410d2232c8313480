import { mkdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SuiteFile } from "../bench/suites/suite.ts";
import { FunprmError } from "../core/errors.ts";
import { lockFolder } from "../files/lock.ts";
import { unwritable } from "../files/write-refusal.ts";
import { download, type DownloadProgress } from "./download.ts";
import { encodedPath, hubEndpoint } from "./endpoint.ts";
import type { HubSettings } from "./settings.ts";

const OTHERWISE = "give your own copy with --problems";

/**
 * The cached copy of a data set's file, downloaded when it is not there. A download that was cut goes on from what has
 * arrived; the sum that the hub names is checked before the file gets its name. A whole copy is never asked about again.
 *
 * @throws FunprmError `input` when it cannot be had, `interrupted` after an abort
 */
export async function fetchDatasetFile(
  file: SuiteFile,
  hub: HubSettings,
  options: DownloadProgress = {},
): Promise<string> {
  const folder = join(hub.cacheFolder, `datasets--${file.repository.replace("/", "--")}`, file.revision);
  const target = join(folder, ...file.path.split("/"));
  if (await exists(target)) return target;
  if (hub.offline) {
    throw new FunprmError(
      "input",
      `expected a copy of ${file.repository}/${file.path} in ${folder} while offline, but there is none. ` +
        "Unset HF_HUB_OFFLINE to download it, or give your own copy with --problems.",
    );
  }
  try {
    await mkdir(dirname(target), { recursive: true });
    return await downloadLocked(file, folder, target, hub, options);
  } catch (error) {
    throw unwritable(folder, error, "name another place with HF_HOME");
  }
}

async function downloadLocked(
  file: SuiteFile,
  folder: string,
  target: string,
  hub: HubSettings,
  options: DownloadProgress,
): Promise<string> {
  const lock = await lockFolder(folder, "download", OTHERWISE);
  try {
    // Another process may have brought it while this one took the lock.
    if (await exists(target)) return target;
    const address = `${await hubEndpoint(hub)}/datasets/${file.repository}/resolve/${encodeURIComponent(file.revision)}/${encodedPath(file.path)}`;
    await download({
      address,
      name: `${file.repository}/${file.path}`,
      target,
      token: hub.token,
      wording: { code: "input", collection: "data set", otherwise: OTHERWISE },
      ...options,
    });
  } catch (error) {
    if (options.signal?.aborted === true) {
      throw new FunprmError(
        "interrupted",
        `the download of ${file.path} was interrupted; what has arrived is kept`,
        {
          cause: error,
        },
      );
    }
    throw error;
  } finally {
    await lock.release();
  }
  return target;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
