import type { Forecast } from "../console/forecast.ts";
import type { Reporter } from "../console/reporter.ts";
import type { Method } from "../core/best-of-n.ts";
import { FunprmError } from "../core/errors.ts";
import type { Problem } from "../core/problem.ts";
import { concernsAll } from "../llm/api-failure.ts";
import type { Budget } from "../llm/cost/budget.ts";
import type { SampleJob } from "../llm/sampler.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { separating } from "../select/execution/separation.ts";
import type { Help } from "../separate/helps.ts";
import { HelpPrompts, type TwoPrograms } from "../separate/prompts.ts";
import type { Reply, SeparationReport } from "../separate/separation.ts";
import { separationSource } from "../separate/separation-source.ts";
import { usableModel } from "../separate/usable-model.ts";
import type { Options } from "../settings/options.ts";
import { type Asking, openAsking } from "./open-asking.ts";
import { ModelTurns } from "./sampling/model-turns.ts";

/** An LLM that helps to separate programs that still tie. */
export interface Separating {
  /** The method with the help behind all that runs, before a PRM. */
  extend(method: Method, run: { sandbox: () => Promise<Sandbox | undefined>; signal: AbortSignal }): Method;
  /** What came of it; undefined for a problem where nothing was asked. */
  reportOf(problem: Problem): SeparationReport | undefined;
  /** What the helps that are not stored yet would cost at most. */
  forecast(problems: readonly Problem[]): Promise<Forecast>;
  readonly by: object;
  close(): Promise<void>;
}

const SELECTORS: readonly string[] = ["auto", "auto+prm"];
/** Characters of a token of code, at the least that forecasts count. */
const CHARACTERS_A_TOKEN = 4;

/**
 * Connects the LLM of `--separate`; undefined without that flag. Nothing is sent yet.
 *
 * @throws FunprmError `usage` without a model, with a selector that cannot be helped, or where the budget has no price
 */
export async function openSeparation(
  options: Options,
  report: Reporter,
  budget: Budget | undefined,
): Promise<Separating | undefined> {
  if (options.separate.length === 0) return undefined;
  if (!SELECTORS.includes(options.select))
    throw new FunprmError(
      "usage",
      `--separate helps --select ${SELECTORS.join(" or ")}, got --select ${options.select}; leave one of them out`,
    );
  const [sampler] = options.model === undefined ? [] : new ModelTurns(options.model).models;
  const model = options.separateModel ?? sampler;
  if (model === undefined)
    throw new FunprmError("usage", "--separate asks an LLM: name one with --separate-model or --model");
  return new Separator(await openAsking(model, options, report, budget), options, report);
}

class Separator implements Separating {
  readonly #asking: Asking;
  readonly #options: Options;
  readonly #report: Reporter;
  readonly #prompts: HelpPrompts;
  readonly #reports = new Map<string, SeparationReport>();
  /** Why nothing is asked any more. */
  #over: string | undefined;

  constructor(asking: Asking, options: Options, report: Reporter) {
    this.#asking = asking;
    this.#options = options;
    this.#report = report;
    this.#prompts = new HelpPrompts(options.separate);
  }

  get by(): object {
    return { ...this.#asking.by, helps: this.#options.separate, prompts: this.#prompts.identities };
  }

  extend(
    { selector: base, sources }: Method,
    { sandbox, signal }: { sandbox: () => Promise<Sandbox | undefined>; signal: AbortSignal },
  ): Method {
    const selector = separating(base);
    const help = separationSource({
      helps: this.#options.separate,
      ask: (problem, wanted, programs) => this.#ask(problem, wanted, signal, programs),
      sandbox,
      selector,
      onReport: ({ id }, report) => this.#reports.set(id, report),
      signal,
    });
    const isModel = (source: Method["sources"][number]): boolean => source.gives.includes("rewards");
    return {
      selector,
      sources: [...sources.filter((source) => !isModel(source)), help, ...sources.filter(isModel)],
    };
  }

  reportOf({ id }: Problem): SeparationReport | undefined {
    return this.#reports.get(id);
  }

  forecast(problems: readonly Problem[]): Promise<Forecast> {
    const longest = "x".repeat(CHARACTERS_A_TOKEN * this.#options.maxTokens);
    const jobs = problems.flatMap((problem) =>
      this.#options.separate.flatMap((help) => {
        // Which programs will tie is not known: each is as long as a reply may be.
        const programs = help === "input" ? { one: longest, other: longest } : undefined;
        return help === "brute" || usableModel(problem) !== undefined
          ? [this.#job(problem, help, programs)]
          : [];
      }),
    );
    return this.#asking.forecast(jobs).then((cost) => ({ ...cost, problems: problems.length }));
  }

  close(): Promise<void> {
    return this.#asking.close();
  }

  /** A failure is told and costs this help, or all that would come; only an interruption goes through. */
  async #ask(problem: Problem, help: Help, signal: AbortSignal, programs?: TwoPrograms): Promise<Reply> {
    if (this.#over !== undefined) return { failure: `not asked: ${this.#over}` };
    try {
      for await (const { sample } of this.#asking.ask([this.#job(problem, help, programs)], { signal })) {
        const { refusal, text } = sample;
        return refusal === undefined ? { text } : { failure: "the model refused to answer" };
      }
      return { failure: "no reply came" };
    } catch (error) {
      if (!(error instanceof FunprmError) || error.code === "interrupted") throw error;
      if (concernsAll(error)) {
        if (this.#over === undefined) this.#report.warn(`--separate asks no more: ${error.message}`);
        this.#over = error.code === "budget" ? "--max-cost is reached" : "the LLM API failed";
      }
      return { failure: error.message };
    }
  }

  #job(problem: Problem, help: Help, programs?: TwoPrograms): SampleJob {
    return { problemId: problem.id, messages: this.#prompts.messages(problem, help, programs), indices: [0] };
  }
}
