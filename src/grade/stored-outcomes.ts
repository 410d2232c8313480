import { z } from "zod";
import { codeSha256 } from "../core/candidate.ts";
import { VERDICTS } from "../core/verdict.ts";
import { COMPARABLE_SPEED, speedRatio } from "../sandbox/machine-speed.ts";
import { type Entry, entryKey } from "../store/entry.ts";
import type { EntryStore } from "../store/entry-store.ts";
import { failedTestSchema } from "./failed-test.ts";
import type { ProblemLookup } from "./tests/test-plan-cache.ts";
import { testsKey } from "./tests-key.ts";
import type { Outcome } from "./verdict.ts";

const KIND = "verdict";
/** Problems whose tests' keys are remembered: a key costs reading all tests of its problem. */
const REMEMBERED = 100_000;

const valueSchema = z.object({
  verdict: z.enum(VERDICTS),
  failedTest: failedTestSchema.exactOptional(),
  parts: z.array(z.object({ name: z.string(), verdict: z.enum(VERDICTS) })).exactOptional(),
  passedTests: z.int().nonnegative(),
  totalTests: z.int().nonnegative(),
});

const measuredSchema = z.object({
  cpuMs: z.number(),
  wallMs: z.number(),
  memoryKb: z.number(),
  referenceMs: z.number().exactOptional(),
});

export interface StoredOutcomesOptions {
  readonly lookup: ProblemLookup;
  /** All that verdicts depend on besides problem and program, the CPU limit aside: JSON. */
  readonly scope: object;
  /** CPU limit of a test, in ms. */
  readonly cpuMs: number;
  /** What the reference program takes on this machine; absent: not measured. */
  readonly referenceMs?: number | undefined;
}

/**
 * Outcomes of grading in a store that other processes share. What hung on the time limit on a machine of another speed
 * is not taken: it is graded here and kept beside the other, which stays the one that counts for machines like that.
 */
export class StoredOutcomes {
  readonly #store: EntryStore;
  readonly #options: StoredOutcomesOptions;
  readonly #tests = new Map<string, Promise<string | undefined>>();

  constructor(store: EntryStore, options: StoredOutcomesOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Outcomes of this process that contradicted what was stored. */
  get contradicted(): number {
    return this.#store.contradicted;
  }

  /** undefined where nobody has graded the program, or the problem has no tests. */
  async find(problemId: string, code: string): Promise<Outcome | undefined> {
    const key = await this.#key(problemId, code);
    if (key === undefined) return undefined;
    const found = await this.#taken(key);
    return found?.outcome;
  }

  /** Keeps an outcome, if it says something of the program, and gives the one that counts: the first. */
  async keep(problemId: string, code: string, outcome: Outcome): Promise<Outcome> {
    if (outcome.verdict === "infra_error") return outcome;
    const key = await this.#key(problemId, code);
    if (key === undefined) return outcome;
    const there = await this.#store.get(key);
    const elsewhere = there !== undefined && this.#hangsOnSpeed(there);
    const own = elsewhere ? this.#keyOfSpeed(key) : key;
    const published = await this.#store.publish(this.#entry(own, outcome), agree);
    // The speeds' verdicts contradict each other, which is worth telling, though each counts for its own.
    if (elsewhere && !agree(there, published.entry))
      await this.#store.publish(this.#entry(key, outcome), agree);
    return outcomeOf(published.entry) ?? outcome;
  }

  async #taken(key: string): Promise<{ readonly outcome: Outcome } | undefined> {
    const entry = await this.#store.get(key);
    if (entry === undefined) return undefined;
    const taken = this.#hangsOnSpeed(entry) ? await this.#store.get(this.#keyOfSpeed(key)) : entry;
    const outcome = taken && outcomeOf(taken);
    return outcome && { outcome };
  }

  /** Whether a verdict came from a machine of another speed, and another verdict could come of that. */
  #hangsOnSpeed(entry: Entry): boolean {
    const outcome = outcomeOf(entry);
    const there = measuredSchema.safeParse(entry.measured).data;
    const ratio = speedRatio(there?.referenceMs, this.#options.referenceMs);
    if (outcome === undefined || there === undefined || ratio === undefined || ratio <= COMPARABLE_SPEED)
      return false;
    // The sum over all tests is more than any of them took.
    return outcome.verdict === "time_limit" || there.cpuMs * ratio > this.#options.cpuMs;
  }

  /** Machines of about one speed share these. */
  #keyOfSpeed(key: string): string {
    const { referenceMs = 1 } = this.#options;
    return entryKey(KIND, key, "speed", Math.round(Math.log(referenceMs) / Math.log(COMPARABLE_SPEED)));
  }

  #entry(key: string, outcome: Outcome): Entry {
    const { verdict, failedTest, parts, passedTests, totalTests, cpuMs, wallMs, memoryKb } = outcome;
    const { referenceMs } = this.#options;
    return {
      key,
      kind: KIND,
      value: {
        verdict,
        ...(failedTest !== undefined && { failedTest }),
        ...(parts !== undefined && { parts }),
        passedTests,
        totalTests,
      },
      measured: { cpuMs, wallMs, memoryKb, ...(referenceMs !== undefined && { referenceMs }) },
    };
  }

  async #key(problemId: string, code: string): Promise<string | undefined> {
    const tests = await this.#testsOf(problemId);
    return tests === undefined ? undefined : entryKey(KIND, tests, codeSha256(code));
  }

  #testsOf(problemId: string): Promise<string | undefined> {
    const known = this.#tests.get(problemId);
    if (known !== undefined) return known;
    const { lookup, scope, cpuMs } = this.#options;
    // A problem that cannot be read is the grader's to tell.
    const key = lookup(problemId).then(
      (problem) => problem && testsKey(problem, { ...scope, cpuMs }),
      () => undefined,
    );
    const [oldest] = this.#tests.keys();
    if (oldest !== undefined && this.#tests.size >= REMEMBERED) this.#tests.delete(oldest);
    this.#tests.set(problemId, key);
    return key;
  }
}

function outcomeOf({ value, measured }: Entry): Outcome | undefined {
  const known = valueSchema.safeParse(value).data;
  const { cpuMs = 0, wallMs = 0, memoryKb = 0 } = measuredSchema.safeParse(measured).data ?? {};
  return known && { ...known, cpuMs, wallMs, memoryKb };
}

/** What a program printed may differ from run to run; what it passed must not. */
function agree(a: Entry, b: Entry): boolean {
  const [left, right] = [outcomeOf(a), outcomeOf(b)];
  const said = (outcome: Outcome | undefined): string =>
    JSON.stringify([outcome?.verdict, outcome?.passedTests, outcome?.totalTests, outcome?.parts ?? []]);
  return said(left) === said(right);
}
