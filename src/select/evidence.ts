import { holdsCode, type Pool } from "./pool.ts";

/** One kind of evidence, as a number a candidate; higher is better. */
export interface Evidence {
  /** The name that `decidedBy` reports. */
  readonly name: string;
  /**
   * Values of the candidates in `group` (indices into the pool), in its order; or undefined when the evidence was
   * not measured for all of them. Candidates without code are never in a group.
   */
  readonly values: (pool: Pool, group: readonly number[]) => readonly number[] | undefined;
}

/** Evidence that looks at each candidate alone; undefined for one candidate makes it incomplete. */
export function candidateEvidence(
  name: string,
  value: (candidate: Pool[number]) => number | undefined,
): Evidence {
  return {
    name,
    values: (pool, group) => {
      const values = group.map((index) => {
        const candidate = pool[index];
        return candidate === undefined ? undefined : value(candidate);
      });
      return values.every((each) => each !== undefined) ? values : undefined;
    },
  };
}

/** Indices of the candidates that hold a program. */
export function candidatesWithCode(pool: Pool): number[] {
  return pool.flatMap((candidate, index) => (holdsCode(candidate) ? [index] : []));
}
