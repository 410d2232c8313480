/** One statement of an interpreter session. */
export interface SessionStep {
  readonly source: string;
  /** The lines shown below it; absent when it shows none. */
  readonly printed?: string;
  /** `[place, literal]` for lines such as `account.balance = 700` below it. */
  readonly states?: readonly (readonly [string, string])[];
  /** `Class.method` that it calls, where the session was made to look at that call. */
  readonly method?: string;
}

/** Statements that share their variables; each session meets the program anew. */
export interface Session {
  /** `Class.method` whose docstring shows it. */
  readonly method: string;
  readonly steps: readonly SessionStep[];
}

/** What one step did in one program. */
export interface StepOutcome {
  /** Text of the value, or `raises TypeError`. Equal values have equal texts. */
  readonly outcome: string;
  /** Text of the attributes, named in the starter code, of the objects that the session holds. */
  readonly state: string;
  /** Whether it is what the docstring shows; null where it shows nothing that can be compared. */
  readonly passed: boolean | null;
}

/** A session in one program: null for a step that was not come to, because the program hangs or cannot be loaded. */
export type SessionOutcome = readonly (StepOutcome | null)[];
