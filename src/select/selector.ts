import type { Pool } from "./pool.ts";
import type { Selection, Unavailable } from "./selection.ts";

/** A way to choose one of a pool's candidates. Pure and deterministic. */
export interface Selector {
  readonly name: string;
  /** One line for tables and help. */
  readonly title: string;
  readonly select: (pool: Pool) => Selection | Unavailable;
}
