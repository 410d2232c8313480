import { createHash } from "node:crypto";
import type { SampleRequest } from "../llm.ts";

/**
 * Names the set of samples that a request's answers belong to: sha256, hex, of everything that changes what comes
 * back (endpoint without credentials, model, messages, all sampling parameters). Not of the indices: with them a
 * larger N would not find the samples of a smaller one. Equal requests have equal keys whatever their fields' order.
 */
export function storeKey(endpoint: string, request: Omit<SampleRequest, "indices">): string {
  const { model, messages, params, continuation } = request;
  return createHash("sha256")
    .update(canonicalJson({ format: "funprm-sample-key/1", endpoint, model, messages, params, continuation }))
    .digest("hex");
}

/** JSON with the fields of every object in the order of their names; absent and undefined fields are the same. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
