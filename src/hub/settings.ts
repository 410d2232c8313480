import { homedir } from "node:os";
import { join } from "node:path";

/** Where models come from and where they are kept. */
export interface HubSettings {
  /** Folder of downloaded models, outside of any package folder. */
  readonly cacheFolder: string;
  /** Base address of the hub; null: the public hub that transformers.js knows. */
  readonly endpoint: string | null;
  /** Access token, sent to the endpoint only. */
  readonly token: string | null;
  /** true: nothing is downloaded; what is in the cache is used. */
  readonly offline: boolean;
}

/** The settings that the hub's other tools read from these variables: HF_HOME, HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE. */
export function hubSettings(environment: Readonly<Record<string, string | undefined>>): HubSettings {
  const value = (name: string): string | null => environment[name]?.trim() || null;
  const home = value("HF_HOME") ?? join(value("XDG_CACHE_HOME") ?? join(homedir(), ".cache"), "huggingface");
  return {
    cacheFolder: join(home, "funprm"),
    endpoint: value("HF_ENDPOINT"),
    token: value("HF_TOKEN"),
    offline: /^(1|on|yes|true)$/i.test(value("HF_HUB_OFFLINE") ?? ""),
  };
}
