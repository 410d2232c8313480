import type { Evidence } from "../evidence.ts";
import type { Pool } from "../pool.ts";
import { selectByEvidence } from "../selection.ts";
import type { Selector } from "../selector.ts";

/** How many of the group give the same outputs on the probe inputs, itself included; 0 for one that crashed. */
export const agreementSize: Evidence = { name: "agreement", values: clusterSizes };

function clusterSizes(pool: Pool, group: readonly number[]): number[] | undefined {
  const signatures = group.map((index) => pool[index]?.outputSignature);
  if (signatures.includes(undefined)) return undefined;
  const sizes = new Map<string, number>();
  for (const signature of signatures) {
    if (typeof signature === "string") sizes.set(signature, (sizes.get(signature) ?? 0) + 1);
  }
  return signatures.map((signature) => (typeof signature === "string" ? (sizes.get(signature) ?? 0) : 0));
}

/** Members of the biggest cluster of programs that behave alike. Clusters of equal size tie. */
export const agreement: Selector = {
  name: "agreement",
  title: "biggest cluster of equal outputs",
  select: (pool) => selectByEvidence(pool, [agreementSize]),
};
