import { createHash } from "node:crypto";
import type { Problem } from "../core/problem.ts";
import { ProblemIndex } from "../formats/problem-file.ts";
import { ProblemMap } from "../formats/problem-map.ts";
import { parseProblem, readStatements } from "../formats/problems.ts";
import type { ProblemLookup } from "../grade/tests/test-plan-cache.ts";

/** Problems that are there from the beginning. */
export interface KnownProblems {
  /** Without hidden tests; undefined when there is none of that id. */
  readonly find: (id: string) => Problem | undefined;
  readonly withTests: ProblemLookup;
  readonly close: () => Promise<void>;
}

/** Problems of a file, or as they are; statements stay in memory, tests in the file. */
export async function openProblems(source: string | readonly Problem[] | undefined): Promise<KnownProblems> {
  if (typeof source === "string") {
    const statements = await readStatements(source);
    const index = await ProblemIndex.open(source);
    return {
      find: (id) => statements.get(id),
      withTests: (id) => index.get(id),
      close: () => index.close(),
    };
  }
  const problems = new ProblemMap();
  for (const problem of source ?? []) problems.addProblem(problem);
  return {
    find: (id) => problems.get(id),
    withTests: async (id) => problems.get(id),
    close: async () => {},
  };
}

/** Problems that came with programs, while these are under way: by what they say, so that equal ones are one. */
export class InlineProblems {
  readonly #held = new Map<string, { readonly problem: Problem; users: number }>();

  /**
   * Runs `body` with the problem of a JSON text, which `get` finds meanwhile under the key that `body` gets.
   * Errors: FunprmError `input` for what is no problem.
   */
  async holding<T>(
    text: string,
    place: string,
    body: (problem: Problem, key: string) => Promise<T>,
  ): Promise<T> {
    const key = `inline ${createHash("sha256").update(text).digest("hex")}`;
    const held = this.#held.get(key) ?? { problem: parse(text, place), users: 0 };
    this.#held.set(key, held);
    held.users += 1;
    try {
      return await body(held.problem, key);
    } finally {
      held.users -= 1;
      if (held.users === 0) this.#held.delete(key);
    }
  }

  get(key: string): Problem | undefined {
    return this.#held.get(key)?.problem;
  }
}

function parse(text: string, file: string): Problem {
  return parseProblem({ text, file, line: 1, start: 0, end: text.length }, "keep");
}
