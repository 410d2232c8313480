import type { Problem } from "../core/problem.ts";

/**
 * Finds what belongs to a problem id although files write ids differently. An id matches, in this order,
 * 1. exactly;
 * 2. with its suite's name before it or not, in any case: `livecodebench/1873_A` and `1873_A` of a LiveCodeBench file,
 *    `humaneval/0` and `HumanEval/0`; the suite is the problem's `meta.suite`, so that `Mbpp/2` never finds
 *    `HumanEval/2`;
 * 3. with `_` for the first `/`, as EvalPlus names its folders: `HumanEval_0`.
 * Nothing else: ids that only look alike stay apart.
 */
export class IdMap<T> extends Map<string, T> {
  readonly #byKey = new Map<string, string>();

  /** Adds an id with its suite, so that its other spellings find it. */
  add(id: string, suite: unknown, value: T): void {
    this.set(id, value);
    for (const key of spellings(id, typeof suite === "string" ? suite : undefined)) {
      if (!this.#byKey.has(key)) this.#byKey.set(key, id);
    }
  }

  /** The id as it was added, or undefined. */
  resolve(id: string): string | undefined {
    if (super.has(id)) return id;
    const found = this.#byKey.get(lowerPrefix(id));
    if (found !== undefined) return found;
    return this.#byKey.get(lowerPrefix(id.replace("_", "/")));
  }

  override get(id: string): T | undefined {
    const known = this.resolve(id);
    return known === undefined ? undefined : super.get(known);
  }

  override has(id: string): boolean {
    return this.resolve(id) !== undefined;
  }
}

/** Problems by id, without hidden tests. */
export class ProblemMap extends IdMap<Problem> {
  addProblem(problem: Problem): void {
    this.add(problem.id, problem.meta["suite"], problem);
  }
}

function spellings(id: string, suite: string | undefined): string[] {
  const own = lowerPrefix(id);
  if (suite === undefined) return [own];
  const prefix = `${suite.toLowerCase()}/`;
  return own.startsWith(prefix) ? [own, own.slice(prefix.length)] : [own, prefix + id];
}

/** The id with everything before its first slash in lower case. */
function lowerPrefix(id: string): string {
  const slash = id.indexOf("/");
  return slash === -1 ? id : id.slice(0, slash).toLowerCase() + id.slice(slash);
}
