import pLimit from "p-limit";
import { z } from "zod";
import type { Problem } from "../../core/problem.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import {
  type ExecutionEvidence,
  largeInputsOf,
  leadingPrograms,
  smallEvidence,
} from "../../statement/run/execution-evidence.ts";
import { eachProgram } from "../../statement/run/each-program.ts";
import { runLargeInputs } from "../../statement/run/run-large-inputs.ts";
import { type BenchProblem, keyOf, programsOf } from "../bench-pool.ts";
import { KeyedRows } from "../../files/keyed-rows.ts";
import { type Entry, entryKey } from "../../store/entry.ts";
import type { EntryStore } from "../../store/entry-store.ts";
import type { StageProgress } from "./score-stage.ts";
import { WatchedSandbox } from "./watched-sandbox.ts";

/** Raised when examples, probes or large inputs are made differently, so that old rows are not used. */
const EVIDENCE_VERSION = 9;

/** Of entries in the store. */
const KIND = "evidence";

const Row = z.object({
  soundness: z.number().exactOptional(),
  exampleResults: z.array(z.boolean().nullable()).exactOptional(),
  probeAnswers: z.array(z.string().nullable()).exactOptional(),
  /** `null`: no large input can be made. */
  largeInputsAnswered: z.number().nullable().exactOptional(),
  largeCpuMs: z.number().exactOptional(),
});
type Row = z.infer<typeof Row>;
/** What a fault had a part in, as a shard hands it on. */
export const evidenceFaultsSchema = z.record(z.string(), Row);

/** What the rows of evidence belong to. */
export interface ExecutionKeys {
  /** The sandbox's identity; undefined as in ExecutionMethod. */
  readonly sandbox: string | undefined;
  readonly large: boolean;
}

const rowOf = (value: unknown): Row | undefined => Row.safeParse(value).data;

export interface ExecutionMethod {
  /** Without one nothing runs, and no evidence of earlier runs is used either. */
  readonly sandbox: Sandbox | undefined;
  /** Whether large inputs run too: most of the work, and only some selectors look at them. */
  readonly large: boolean;
  /** Where other processes keep and find evidence too. */
  readonly store?: EntryStore | undefined;
}

/**
 * What running programs showed, kept in a file by problem and program. What a fault of the sandbox had a part in is not
 * kept, so that the next run tries again.
 */
export class ExecutionStage {
  readonly #file: KeyedRows<Row>;
  readonly #faulty = new Map<string, Row>();
  /** undefined also where it was opened for reading. */
  readonly #sandbox: Sandbox | undefined;
  readonly #sandboxIdentity: string | undefined;
  readonly #large: boolean;
  readonly #store: EntryStore | undefined;

  private constructor(
    file: KeyedRows<Row>,
    keys: ExecutionKeys,
    sandbox: Sandbox | undefined,
    store?: EntryStore,
  ) {
    this.#store = store;
    this.#file = file;
    this.#sandboxIdentity = keys.sandbox;
    this.#large = keys.large;
    this.#sandbox = sandbox;
  }

  static async open(path: string, { sandbox, large, store }: ExecutionMethod): Promise<ExecutionStage> {
    return new ExecutionStage(
      await KeyedRows.open(path, rowOf),
      { sandbox: sandbox?.identity, large },
      sandbox,
      store,
    );
  }

  /** What running programs has shown a bench so far. */
  static async read(path: string, keys: ExecutionKeys): Promise<ExecutionStage> {
    return new ExecutionStage(await KeyedRows.read(path, rowOf), keys, undefined);
  }

  get wanted(): boolean {
    return this.#sandboxIdentity !== undefined;
  }

  /** The problems of which something must still be run; `groups` as in `run`. */
  missing(
    problems: readonly BenchProblem[],
    groups: (problem: BenchProblem) => readonly (readonly string[])[],
  ): BenchProblem[] {
    if (this.#sandbox === undefined) return [];
    return problems.filter((each) => !groups(each).every((programs) => this.#hasRun(each.problem, programs)));
  }

  /**
   * Runs what is not run yet. `groups` are the candidates that are chosen among together: large inputs go to the
   * programs that lead in one of them.
   */
  async run(
    problems: readonly BenchProblem[],
    groups: (problem: BenchProblem) => readonly (readonly string[])[],
    { onProgress, signal }: StageProgress,
  ): Promise<void> {
    const sandbox = this.#sandbox;
    if (sandbox === undefined) return;
    // Some more problems than places, so that a slow program does not leave the others idle.
    const limit = pLimit(sandbox.jobs + 2);
    let done = 0;
    const missing = this.missing(problems, groups);
    const work = missing.map((each) =>
      limit(async () => {
        signal.throwIfAborted();
        await this.#runSmall(each, sandbox, signal);
        if (this.#large) await this.#runLarge(each.problem, groups(each), sandbox, signal);
        onProgress((done += 1), missing.length);
      }),
    );
    const results = await Promise.allSettled(work);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  /** The evidence of a group's programs, in their order. */
  evidence(problem: Problem, programs: readonly string[]): ExecutionEvidence[] {
    if (this.#sandboxIdentity === undefined) return programs.map(() => ({}));
    const small = programs.map((code) => this.#small(problem, code) ?? {});
    const leading = this.#large ? leadingPrograms(programs, small) : undefined;
    const answers = leading && [...leading].map((code) => this.#row(this.#key("large", problem, code)));
    if (leading === undefined || answers?.some((row) => typeof row?.largeInputsAnswered !== "number"))
      return small;
    return small.map((evidence, i) => {
      const code = programs[i] ?? "";
      const { largeInputsAnswered, largeCpuMs } =
        (leading.has(code) ? this.#row(this.#key("large", problem, code)) : undefined) ?? {};
      return {
        ...evidence,
        largeInputsAnswered: largeInputsAnswered ?? 0,
        ...(largeCpuMs !== undefined && { largeCpuMs }),
      };
    });
  }

  /** Whether everything has run that the choice among these candidates looks at. */
  isComplete({ problem, candidates }: BenchProblem): boolean {
    return this.#sandboxIdentity === undefined || this.#hasRun(problem, programsOf(candidates));
  }

  #hasRun(problem: Problem, programs: readonly string[]): boolean {
    const small = programs.map((code) => this.#small(problem, code));
    if (small.includes(undefined)) return false;
    const leading =
      this.#large &&
      leadingPrograms(
        programs,
        small.map((evidence) => evidence ?? {}),
      );
    return ![...(leading || [])].some((code) => this.#row(this.#key("large", problem, code)) === undefined);
  }

  /** What a fault of the sandbox had a part in, by key: it is in no file. */
  get faults(): Readonly<Record<string, Row>> {
    return Object.fromEntries(this.#faulty);
  }

  /** Takes what the sandbox of another process had a part in. */
  addFaults(faults: Readonly<Record<string, Row>>): void {
    for (const [key, row] of Object.entries(faults)) this.#faulty.set(key, row);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  /** Another interpreter or sandbox may show something else. */
  #key(kind: "small" | "large", problem: Problem, code: string): string {
    return keyOf(EVIDENCE_VERSION, kind, this.#sandboxIdentity, ...scope(problem), code);
  }

  #small(problem: Problem, code: string): ExecutionEvidence | undefined {
    const row = this.#row(this.#key("small", problem, code));
    if (row === undefined) return undefined;
    const { soundness, exampleResults, probeAnswers } = row;
    return {
      ...(soundness !== undefined && { soundness }),
      ...(exampleResults !== undefined && { exampleResults }),
      ...(probeAnswers !== undefined && { probeAnswers }),
    };
  }

  async #runSmall(
    { problem, candidates }: BenchProblem,
    sandbox: Sandbox,
    signal: AbortSignal,
  ): Promise<void> {
    const programs = programsOf(candidates).filter((code) => this.#small(problem, code) === undefined);
    await eachProgram(programs, sandbox.jobs, async (code) => {
      const key = this.#key("small", problem, code);
      if (await this.#found(key)) return;
      const watched = new WatchedSandbox(sandbox);
      const [evidence = {}] = await smallEvidence(problem, [code], { sandbox: watched, signal });
      const { soundness, exampleResults, probeAnswers } = evidence;
      await this.#keep(watched, key, {
        ...(soundness !== undefined && { soundness }),
        ...(exampleResults !== undefined && { exampleResults: [...exampleResults] }),
        ...(probeAnswers !== undefined && { probeAnswers: [...probeAnswers] }),
      });
    });
  }

  async #runLarge(
    problem: Problem,
    groups: readonly (readonly string[])[],
    sandbox: Sandbox,
    signal: AbortSignal,
  ): Promise<void> {
    const leading = groups.flatMap((programs) => {
      const small = programs.map((code) => this.#small(problem, code) ?? {});
      return [...(leadingPrograms(programs, small) ?? [])];
    });
    const missing = [...new Set(leading)].filter(
      (code) => this.#row(this.#key("large", problem, code)) === undefined,
    );
    if (missing.length === 0) return;
    const inputs = largeInputsOf(problem);
    await eachProgram(missing, sandbox.jobs, async (code) => {
      const key = this.#key("large", problem, code);
      if (await this.#found(key)) return;
      const watched = new WatchedSandbox(sandbox);
      if (inputs.length === 0) return this.#keep(watched, key, { largeInputsAnswered: null });
      const { answered, cpuMs } = await runLargeInputs(code, problem, inputs, { sandbox: watched, signal });
      await this.#keep(watched, key, { largeInputsAnswered: answered, largeCpuMs: cpuMs });
    });
  }

  #row(key: string): Row | undefined {
    return this.#file.get(key) ?? this.#faulty.get(key);
  }

  /** Takes what another process has shown, if one has. */
  async #found(key: string): Promise<boolean> {
    const row = rowOf((await this.#store?.get(entryKey(KIND, key)))?.value);
    if (row !== undefined) await this.#file.add(key, row);
    return row !== undefined;
  }

  async #keep({ failed }: WatchedSandbox, key: string, row: Row): Promise<void> {
    if (failed) {
      this.#faulty.set(key, row);
      return;
    }
    const published = await this.#store?.publish({ key: entryKey(KIND, key), kind: KIND, value: row }, agree);
    await this.#file.add(key, rowOf(published?.entry.value) ?? row);
  }
}

/** Rows agree when they show the same, however long it took. */
function agree(a: Entry, b: Entry): boolean {
  const shown = ({ value }: Entry): string => {
    const { largeCpuMs: _, ...row } = rowOf(value) ?? {};
    return JSON.stringify(row);
  };
  return shown(a) === shown(b);
}

/** All of a problem that running a program depends on. */
function scope({ statement, starterCode, entryPoint, exampleTests, preamble }: Problem): unknown[] {
  return [statement, starterCode, entryPoint, exampleTests, preamble];
}
