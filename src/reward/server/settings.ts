import { type Access, accessOf } from "../../http/server/access.ts";
import type { Options } from "../../settings/options.ts";

/** What a reward server is to be, all of it checked. */
export interface RewardSettings extends Access {
  /** Programs that are under way or wait, at most. */
  readonly queue: number;
  readonly mostBodyBytes: number;
}

const DEFAULT_PORT = 8791;
/** A batch of a large run, and one more that waits. */
const DEFAULT_QUEUE = 4096;

/** Errors: FunprmError `usage` for what would be open to everybody without being told so. */
export function rewardSettings(
  options: Options,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): RewardSettings {
  return {
    ...accessOf(options, DEFAULT_PORT, environment),
    queue: options.queue ?? DEFAULT_QUEUE,
    mostBodyBytes: options.maxBody * 2 ** 20,
  };
}
