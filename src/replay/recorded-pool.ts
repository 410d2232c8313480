import type { Candidate } from "../core/candidate.ts";
import type { Problem } from "../core/problem.ts";
import { StatementIndex } from "./statement-index.ts";

/** Candidates of one problem, and which of them have been given out. */
export interface ReplayShelf {
  readonly problemId: string;
  readonly starterCode: string;
  /** Replies, in the pool's order. */
  readonly replies: readonly string[];
  /** The programs in them, in the same order. */
  readonly programs: readonly string[];
  /** Choices delivered or on their way, by their position in the endless sequence of choices. */
  readonly taken: Set<number>;
  /** Below this position everything is taken. */
  firstFree: number;
}

/** The shelves of one problem: of all its candidates, and of each LLM's where several are recorded. */
interface Shelves {
  readonly all: ReplayShelf;
  readonly byModel: ReadonlyMap<string, ReplayShelf>;
}

/** Recorded candidates, found by the statement that a prompt contains. */
export class ReplayPool {
  readonly problems: number;
  readonly candidates: number;
  /** LLMs that candidates were recorded of, in order of appearance. */
  readonly models: readonly string[];
  readonly #index = new StatementIndex<Shelves>();

  constructor(problems: Iterable<ReplayProblem>, candidates: Iterable<ReplayCandidate>) {
    const recorded = new Map<string, ReplayCandidate[]>();
    for (const candidate of candidates) {
      const own = recorded.get(candidate.problemId);
      if (own === undefined) recorded.set(candidate.problemId, [candidate]);
      else own.push(candidate);
    }
    let count = 0;
    let total = 0;
    for (const problem of problems) {
      const own = recorded.get(problem.id) ?? [];
      count += 1;
      total += own.length;
      this.#index.add(problem.statement, shelvesOf(problem, own));
    }
    this.problems = count;
    this.candidates = total;
    this.models = modelsOf([...recorded.values()].flat());
  }

  /**
   * The problem whose statement the prompt contains, the longest where there are several. Of problems with one and
   * the same statement: the one whose starter code is there too, else the first that has candidates left. A model that
   * some of its candidates were recorded of is given those alone.
   */
  find(prompt: string, model: string): ReplayShelf | undefined {
    const shelves = this.#index.find(prompt).map(({ all, byModel }) => byModel.get(model) ?? all);
    if (shelves.length < 2) return shelves[0];
    return (
      shelves.find((shelf) => shelf.starterCode !== "" && prompt.includes(shelf.starterCode)) ??
      shelves.find((shelf) => shelf.firstFree < shelf.replies.length) ??
      shelves[0]
    );
  }
}

export type ReplayProblem = Pick<Problem, "id" | "statement" | "starterCode">;
export type ReplayCandidate = Pick<Candidate, "problemId" | "code" | "reply" | "model">;

function shelvesOf(problem: ReplayProblem, own: readonly ReplayCandidate[]): Shelves {
  const models = modelsOf(own);
  const ofModel = (name: string): ReplayShelf =>
    shelfOf(
      problem,
      own.filter(({ model }) => model === name),
    );
  return {
    all: shelfOf(problem, own),
    byModel: new Map(models.length < 2 ? [] : models.map((name) => [name, ofModel(name)])),
  };
}

function modelsOf(candidates: readonly ReplayCandidate[]): string[] {
  return [...new Set(candidates.flatMap(({ model }) => model ?? []))];
}

function shelfOf(problem: ReplayProblem, candidates: readonly ReplayCandidate[]): ReplayShelf {
  return {
    problemId: problem.id,
    starterCode: problem.starterCode,
    replies: candidates.map(replyOf),
    programs: candidates.map(({ code }) => code),
    taken: new Set(),
    firstFree: 0,
  };
}

/**
 * Takes `count` choices off the shelf: at the asked positions (a sample's index is its choice, also after a restart),
 * and without those in order. undefined when the recorded ones do not suffice and `cycle` does not begin anew.
 */
export function take(
  shelf: ReplayShelf,
  count: number,
  options: { readonly positions?: readonly number[] | undefined; readonly cycle: boolean },
): number[] | undefined {
  const positions = [...(options.positions ?? [])].slice(0, count);
  for (let next = shelf.firstFree; positions.length < count; next += 1) {
    if (!shelf.taken.has(next) && !positions.includes(next)) positions.push(next);
  }
  const most = shelf.replies.length === 0 ? 0 : options.cycle ? Infinity : shelf.replies.length;
  if (positions.some((position) => position >= most)) return undefined;
  for (const position of positions) shelf.taken.add(position);
  while (shelf.taken.has(shelf.firstFree)) shelf.firstFree += 1;
  return positions;
}

/** Puts choices back that did not reach the client. */
export function putBack(shelf: ReplayShelf, positions: readonly number[]): void {
  for (const position of positions) {
    shelf.taken.delete(position);
    shelf.firstFree = Math.min(shelf.firstFree, position);
  }
}

/** A recorded reply as it was; a bare program as a model would send it. */
function replyOf(candidate: ReplayCandidate): string {
  if (candidate.reply !== undefined) return candidate.reply;
  const { code } = candidate;
  if (code.trim() === "" || /^[ \t]*(?:```|~~~)/m.test(code)) return code;
  // The line break before the closing fence is the fence's, so that code comes back byte for byte.
  return `\`\`\`python\n${code}\n\`\`\`\n`;
}
