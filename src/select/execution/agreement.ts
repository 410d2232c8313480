import { outputSignature, type Pool } from "../../core/evidence.ts";
import { type Criterion, selectorBy } from "../criterion.ts";
import { examplesPassed } from "./examples.ts";

/** How many of the group give the same outputs on the probe inputs, itself included; 0 for one that crashed. */
export const agreementSize: Criterion = { name: "agreement", needs: ["agreement"], values: clusterSizes };

function clusterSizes(pool: Pool, group: readonly number[]): number[] | undefined {
  const signatures = group.map((index) => {
    const answers = pool[index]?.probeAnswers;
    return answers && outputSignature(answers);
  });
  if (signatures.includes(undefined)) return undefined;
  const sizes = new Map<string, number>();
  for (const signature of signatures) {
    if (typeof signature === "string") sizes.set(signature, (sizes.get(signature) ?? 0) + 1);
  }
  return signatures.map((signature) => (typeof signature === "string" ? (sizes.get(signature) ?? 0) : 0));
}

/** Members of the biggest cluster of programs that behave alike. Clusters of equal size tie. */
export const agreement = selectorBy("agreement", "biggest cluster of equal outputs", [agreementSize]);

/** Among those that pass most examples, the biggest cluster of equal outputs. */
export const examplesThenAgreement = selectorBy("examples+agreement", "examples, then agreement", [
  examplesPassed,
  agreementSize,
]);
