import { createHash } from "node:crypto";
import { FunprmError } from "../../core/errors.ts";
import type { ProgramRewards, Scorer, ScoreRequest } from "../../core/scorer.ts";
import type { Budget } from "../../llm/cost/budget.ts";
import type { ModelPrice } from "../../llm/cost/prices.ts";
import type { ChatMessage, Llm, Sample, SamplingParams } from "../../llm/llm.ts";
import { openAiLlm } from "../../llm/openai-client.ts";
import { type SampleJob, sampleProblems } from "../../llm/sampler.ts";
import type { SampleStore } from "../../llm/store/store.ts";
import { loadStepRewardPrompt } from "../../prompt/load.ts";
import { renderStepReward } from "../../prompt/render.ts";
import { PRM_API_KEY_ENV } from "../remote/remote-scorer.ts";
import { ANSWERS, logOddsOf, logOddsOfVotes, rewardOf, voteOf } from "./answer.ts";
import type { ChatManifest, ChatPrmFolder } from "./chat-manifest.ts";

export interface ChatScorerOptions {
  /** Environment variable with the key of the model's server; default FUNPRM_PRM_API_KEY, never that of another API. */
  readonly apiKeyEnv?: string | undefined;
  /** Where replies are kept, so that none is paid for twice. */
  readonly store?: SampleStore | undefined;
  readonly budget?: Budget | undefined;
  readonly price?: ModelPrice | undefined;
  /** Most requests under way at once; default 8. */
  readonly concurrency?: number | undefined;
}

const CONCURRENCY = 8;
const VOTING_TEMPERATURE = 1;

/**
 * A Scorer that asks an LLM of an OpenAI-compatible server, for every beginning of a program, whether it is right. The reward
 * is the probability of Yes: from the log-probabilities of the answer, else from votes. Nothing is sent yet.
 *
 * @throws FunprmError("usage") for an unusable address
 */
export async function openChatScorer(prm: ChatPrmFolder, options: ChatScorerOptions = {}): Promise<Scorer> {
  const { url } = prm.manifest.endpoint;
  const llm = await openAiLlm({
    baseUrl: url,
    apiKeyEnv: options.apiKeyEnv ?? PRM_API_KEY_ENV,
    concurrency: options.concurrency ?? CONCURRENCY,
    budget: options.budget,
  });
  return new ChatScorer(prm, llm, options);
}

/** Messages by the key that requests and answers meet under. */
type Asked = ReadonlyMap<string, readonly ChatMessage[]>;

class ChatScorer implements Scorer {
  readonly identity: Scorer["identity"];
  readonly usage = { tokens: 0, programs: 0 };
  readonly #manifest: ChatManifest;
  readonly #prompt = loadStepRewardPrompt();
  readonly #llm: Llm;
  readonly #options: ChatScorerOptions;
  /** A server that gave no log-probabilities once is asked for votes at once. */
  #votesOnly = false;

  constructor({ manifest, text }: ChatPrmFolder, llm: Llm, options: ChatScorerOptions) {
    this.#manifest = manifest;
    this.#llm = llm;
    this.#options = options;
    this.identity = {
      name: manifest.name,
      sha256: createHash("sha256").update(text).update(this.#prompt.sha256).digest("hex"),
      defaultAggregate: manifest.aggregate,
      stepSize: manifest.stepSize,
    };
  }

  async score(
    requests: readonly ScoreRequest[],
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<ProgramRewards[]> {
    const keys = requests.map((request) =>
      beginningsOf(request).map((code) => keyOf(request.statement, code)),
    );
    const asked: Asked = new Map(
      requests.flatMap((request, at) =>
        beginningsOf(request).map((code, step) => [
          keys[at]?.[step] ?? "",
          renderStepReward(request.statement, code, this.#prompt),
        ]),
      ),
    );
    const logOdds = await this.#logOdds(asked, signal);
    this.usage.programs += requests.length;
    return keys.map((each) => ({
      rewards: each.map((key) => rewardOf(logOdds.get(key) ?? 0, this.#manifest.calibration)),
      truncatedTokens: 0,
      truncatedCodeTokens: 0,
    }));
  }

  close(): Promise<void> {
    return this.#llm.close();
  }

  async #logOdds(asked: Asked, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    if (!this.#votesOnly) {
      const params = { temperature: 0, logprobs: true, answers: [...ANSWERS] };
      for await (const [key, sample] of this.#replies(asked, [0], params, signal)) {
        const odds = logOddsOf(sample);
        if (odds !== undefined) found.set(key, odds);
        else if (sample.logprobs === undefined) this.#votesOnly = true;
      }
    }
    const left: Asked = new Map([...asked].filter(([key]) => !found.has(key)));
    const votes = new Map<string, boolean[]>();
    const indices = Array.from({ length: this.#manifest.votes }, (_, at) => at);
    const params = { temperature: VOTING_TEMPERATURE, seed: 0 };
    for await (const [key, sample] of this.#replies(left, indices, params, signal)) {
      const vote = voteOf(sample);
      votes.set(key, [...(votes.get(key) ?? []), ...(vote === undefined ? [] : [vote])]);
    }
    // A step without an answer is left open; a model that never answers is none.
    if (votes.size > 0 && found.size === 0 && [...votes.values()].every((each) => each.length === 0))
      throw this.#noAnswer();
    for (const [key, each] of votes) found.set(key, logOddsOfVotes(each));
    return found;
  }

  /** Replies in order of arrival; those that are stored cost nothing. */
  async *#replies(
    asked: Asked,
    indices: readonly number[],
    params: SamplingParams,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<readonly [key: string, sample: Sample]> {
    const { endpoint, maxTokens, extraBody } = this.#manifest;
    const { store, price } = this.#options;
    const jobs = [...asked].map(([problemId, messages]): SampleJob => ({ problemId, messages, indices }));
    const whole = { ...params, maxTokens, ...(extraBody !== undefined && { extraBody }) };
    const options = { llm: this.#llm, model: endpoint.model, params: whole, store, price, signal };
    for await (const { problemId, sample, stored } of sampleProblems(jobs, options)) {
      if (!stored) this.usage.tokens += sample.usage.promptTokens + sample.usage.completionTokens;
      yield [problemId, sample];
    }
  }

  #noAnswer(): FunprmError {
    const { endpoint, maxTokens } = this.#manifest;
    return new FunprmError(
      "model",
      `${endpoint.model} at ${this.#llm.endpoint}: expected the answer Yes or No, got neither in ${this.#manifest.votes} replies ` +
        `of at most ${maxTokens} tokens. A model that thinks first needs a greater "maxTokens" in prm.json, or to be told not to with "extraBody".`,
    );
  }
}

/** The program up to the end of each step. */
function beginningsOf({ steps }: ScoreRequest): string[] {
  let code = "";
  return steps.map((step) => (code += step));
}

function keyOf(statement: string, code: string): string {
  return createHash("sha256")
    .update(`${statement.length} `)
    .update(statement)
    .update(code)
    .digest("hex")
    .slice(0, 16);
}
