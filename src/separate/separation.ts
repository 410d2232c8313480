import type { Candidate } from "../core/candidate.ts";
import type { Pool, SeparationEvidence } from "../core/evidence.ts";
import type { Problem } from "../core/problem.ts";
import type { Selector } from "../core/selector.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { comparisonHints } from "../statement/examples/comparison-hints.ts";
import type { ProbeInput } from "../statement/inputs/probe-inputs.ts";
import type { InputModel } from "../statement/model/input-model.ts";
import { eachProgram } from "../statement/run/each-program.ts";
import { EXAMPLE_LIMITS } from "../statement/run/execution-evidence.ts";
import { furtherInputs } from "../statement/run/further-inputs.ts";
import { runExamples } from "../statement/run/run-examples.ts";
import { runProbes } from "../statement/run/run-probes.ts";
import { bruteForce, bruteForceAnswers } from "./brute-force.ts";
import { generatedInputs } from "./generator.ts";
import { type Help, type HelpOutcome, notUsed } from "./helps.ts";
import { judgeInputs, type RunIn } from "./input-program.ts";
import { lastInput } from "./last-input.ts";
import type { TwoPrograms } from "./prompts.ts";
import { usableModel } from "./usable-model.ts";

/** What an LLM was asked for and what came of it, of one problem. */
export interface SeparationReport {
  readonly outcomes: Readonly<Partial<Record<Help, HelpOutcome>>>;
  /** The inputs that programs ran on because of it. */
  readonly inputs: readonly ProbeInput[];
}

/** A reply's text, or why there is none. */
export type Reply = { readonly text: string } | { readonly failure: string };

/** What the helps for every problem have in common. */
export interface SeparationOptions {
  readonly helps: readonly Help[];
  /** Asks the LLM; never rejects but for an interruption. */
  readonly ask: (problem: Problem, help: Help, programs?: TwoPrograms) => Promise<Reply>;
  /** Says which candidates still tie; the one that `separating` made. */
  readonly selector: Selector;
  readonly signal: AbortSignal;
}

export interface Race {
  readonly problem: Problem;
  readonly candidates: readonly Candidate[];
  readonly pool: Pool;
  /** Indices of the candidates in the race. */
  readonly group: readonly number[];
}

/** The helps for one problem, one after the other. */
export class Separation {
  readonly #race: Race;
  readonly #options: SeparationOptions;
  readonly #run: RunIn;
  readonly #model: InputModel | undefined;
  readonly #further: readonly ProbeInput[];
  readonly #outcomes: Partial<Record<Help, HelpOutcome>> = {};
  readonly #inputs: ProbeInput[] = [];
  readonly #answers: (string | null)[][];
  #generator: string | undefined;
  #brute: string | undefined;
  #voter: (string | null)[] | undefined;

  constructor(race: Race, options: SeparationOptions, sandbox: Sandbox) {
    this.#race = race;
    this.#options = options;
    this.#run = { sandbox, signal: options.signal };
    const { problem, pool, group } = race;
    this.#model = usableModel(problem);
    const further = furtherInputs(problem);
    // Of classes and library functions the candidates have answered sessions instead.
    const isAnswered = group.every((index) => (pool[index]?.probeAnswers ?? []).length === further.length);
    this.#further = isAnswered ? further : [];
    this.#answers = group.map(() => []);
  }

  get report(): SeparationReport {
    return { outcomes: this.#outcomes, inputs: this.#inputs };
  }

  /** Evidence by candidate. */
  async run(): Promise<ReadonlyMap<number, SeparationEvidence>> {
    const model = this.#model;
    const [generator, brute] = await Promise.all([
      this.#asked("generator", model !== undefined),
      this.#asked("brute", this.#further.length > 0 || model !== undefined),
    ]);
    if (generator !== undefined && model !== undefined) await this.#useGenerator(generator, model);
    if (brute !== undefined) await this.#useBruteForce(brute);
    const tied = this.#tied();
    const programs = this.#twoOf(tied);
    const isWanted = programs !== undefined && this.#options.helps.includes("input");
    const last = isWanted ? await this.#asked("input", model !== undefined, programs) : undefined;
    if (last === undefined || model === undefined) return this.#evidence(new Map());
    return this.#evidence(await this.#useLastInput(last, model, tied));
  }

  /** The reply to what is wanted and can be used; otherwise the outcome says why there is none. */
  async #asked(help: Help, canBeUsed: boolean, programs?: TwoPrograms): Promise<string | undefined> {
    const { helps, ask } = this.#options;
    if (!helps.includes(help)) return undefined;
    if (!canBeUsed) {
      this.#outcomes[help] = notUsed("not asked: the form of the inputs was not understood");
      return undefined;
    }
    const reply = await ask(this.#race.problem, help, programs);
    if ("text" in reply) return reply.text;
    this.#outcomes[help] = notUsed(reply.failure);
    return undefined;
  }

  async #useGenerator(reply: string, model: InputModel): Promise<void> {
    const { problem } = this.#race;
    const known = { model, known: this.#further };
    const { code, inputs, outcome } = await generatedInputs(problem, reply, known, this.#run);
    this.#outcomes.generator = outcome;
    this.#generator = code;
    await this.#answer(inputs);
  }

  /** Runs the candidates on further inputs. */
  async #answer(inputs: readonly ProbeInput[]): Promise<void> {
    const { problem } = this.#race;
    if (inputs.length === 0) return;
    const found = await eachProgram(this.#codes(), this.#run.sandbox.jobs, (code) =>
      runProbes(code, problem, inputs, { ...this.#run, limits: EXAMPLE_LIMITS }),
    );
    this.#inputs.push(...inputs);
    this.#answers.forEach((row, i) => row.push(...(found[i] ?? inputs.map(() => null))));
  }

  async #useBruteForce(reply: string): Promise<void> {
    const { problem, pool, group } = this.#race;
    const { code, outcome } = await bruteForce(problem, reply, this.#run);
    this.#outcomes.brute = outcome;
    if (code === undefined) return;
    const inputs = [...this.#further, ...this.#inputs];
    const found = await bruteForceAnswers(code, problem, inputs, this.#run);
    const missing = (pool[group[0] ?? 0]?.probeAnswers ?? []).length - this.#further.length;
    this.#voter = [...Array.from({ length: missing }, () => null), ...found];
    this.#brute = code;
    const given = found.filter((answer) => answer !== null).length;
    this.#outcomes.brute = {
      used: given > 0,
      told: `${outcome.told} and answers ${given} of ${inputs.length} inputs`,
    };
  }

  /** Candidates that still tie for best with the evidence so far. */
  #tied(): number[] {
    const evidence = this.#evidence(new Map());
    const pool = this.#race.pool.map((each, index) => {
      const separation = evidence.get(index);
      return separation === undefined ? each : { ...each, separation };
    });
    const selection = this.#options.selector.select(pool);
    return "unavailable" in selection ? [] : [...selection.best];
  }

  /** The first of those that tie and the first other one, which answers otherwise where one does. */
  #twoOf(tied: readonly number[]): TwoPrograms | undefined {
    const { candidates } = this.#race;
    const [first] = tied;
    const others = tied.filter((index) => candidates[index]?.code !== candidates[first ?? 0]?.code);
    const different = others.find((index) => this.#row(index) !== this.#row(first ?? 0)) ?? others[0];
    const [one, other] = [candidates[first ?? -1]?.code, candidates[different ?? -1]?.code];
    return one === undefined || other === undefined ? undefined : { one, other };
  }

  #row(index: number): string {
    const { group, pool } = this.#race;
    return JSON.stringify([pool[index]?.probeAnswers ?? [], this.#answers[group.indexOf(index)] ?? []]);
  }

  async #useLastInput(
    reply: string,
    model: InputModel,
    tied: readonly number[],
  ): Promise<ReadonlyMap<number, boolean>> {
    const { problem, candidates } = this.#race;
    const isLegal = async (input: ProbeInput): Promise<boolean> => {
      if (this.#generator === undefined) return true;
      const program = { code: this.#generator, kind: problem.kind };
      return (await judgeInputs(program, [input], this.#run))[0] === true;
    };
    const last = await lastInput(problem, reply, model, isLegal);
    if ("told" in last) {
      this.#outcomes.input = last;
      return new Map();
    }
    await this.#answer([last.input]);
    if (this.#brute !== undefined)
      this.#voter?.push(...(await bruteForceAnswers(this.#brute, problem, [last.input], this.#run)));
    const codes = tied.map((index) => candidates[index]?.code ?? "");
    const example = { test: last.predicted, ...comparisonHints(problem.statement) };
    const results = await eachProgram(codes, this.#run.sandbox.jobs, (code) =>
      runExamples(code, problem, [example], { ...this.#run, limits: EXAMPLE_LIMITS }),
    );
    const agreeing = results.filter(([result]) => result === true).length;
    const answers = new Set(tied.map((index) => this.#answers[this.#race.group.indexOf(index)]?.at(-1)));
    this.#outcomes.input = {
      used: answers.size > 1,
      told:
        answers.size > 1
          ? `on the last input ${agreeing} of ${tied.length} that tie give what is predicted`
          : "the last input does not tell apart those that tie",
    };
    return new Map(tied.map((index, i) => [index, results[i]?.[0] === true]));
  }

  #evidence(predicted: ReadonlyMap<number, boolean>): ReadonlyMap<number, SeparationEvidence> {
    const voter = this.#voter;
    return new Map(
      this.#race.group.map((index, i) => {
        const foretold = predicted.get(index);
        return [
          index,
          {
            answers: [...(this.#answers[i] ?? [])],
            ...(voter !== undefined && { voter: [...voter] }),
            ...(foretold !== undefined && { predicted: foretold }),
          },
        ];
      }),
    );
  }

  #codes(): string[] {
    return this.#race.group.map((index) => this.#race.candidates[index]?.code ?? "");
  }
}
