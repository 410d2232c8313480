import type { HubSettings } from "./settings.ts";

/** Base address of the hub, without a slash at its end. */
export async function hubEndpoint({ endpoint }: Pick<HubSettings, "endpoint">): Promise<string> {
  if (endpoint !== null) return endpoint.replace(/\/+$/, "");
  const { env } = await import("../bundled/transformers.ts");
  return env.remoteHost.replace(/\/+$/, "");
}

/** A file's path inside of a repository, as part of an address. */
export function encodedPath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
