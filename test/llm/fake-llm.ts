import { ApiFailure } from "../../src/llm/api-failure.ts";
import { interrupted } from "../../src/http/interruption.ts";
import type { Llm, LlmActivity, Sample, SampleOptions, SampleRequest } from "../../src/llm/llm.ts";
import { checkRequest } from "../../src/llm/sample-request.ts";

/** What a prompt of the tests asks for, line by line. */
export interface Script {
  readonly text: string;
  readonly finishReason: string;
  readonly refusal: string | undefined;
  /** HTTP status instead of an answer. */
  readonly status: number | undefined;
}

/**
 * Reads the behaviour out of the prompt, for the fake and for the contract test's server alike: a line
 * `say TEXT`, `cut`, `empty`, `refuse` or `status NUMBER`. Sample i of `say TEXT` reads `TEXT #i`.
 */
export function scriptOf(prompt: string, index: number): Script {
  const [, said] = /^say (.*)$/m.exec(prompt) ?? [];
  const [, status] = /^status (\d+)$/m.exec(prompt) ?? [];
  const has = (word: string): boolean => prompt.split("\n").includes(word);
  const silent = has("empty") || has("refuse");
  return {
    text: silent ? "" : `${said ?? "hello"} #${index}`,
    finishReason: has("cut") ? "length" : "stop",
    refusal: has("refuse") ? "I will not" : undefined,
    status: status === undefined ? undefined : Number(status),
  };
}

/** An Llm without a network, that does what the prompt says. */
export class FakeLlm implements Llm {
  readonly endpoint = "fake:";
  readonly concurrency: number;
  /** Every request as it came. */
  readonly requests: SampleRequest[] = [];

  constructor(concurrency = 4) {
    this.concurrency = concurrency;
  }

  get activity(): LlmActivity {
    return { requests: this.requests.length, throttled: 0, retried: 0 };
  }

  async *sample(request: SampleRequest, options: SampleOptions = {}): AsyncGenerator<readonly Sample[]> {
    checkRequest(request);
    const prompt = request.messages.map(({ content }) => content).join("\n");
    for (const index of request.indices) {
      if (options.signal?.aborted === true) throw interrupted();
      this.requests.push(request);
      await Promise.resolve();
      const script = scriptOf(prompt, index);
      if (script.status !== undefined) throw failure(script.status);
      yield [sampleOf(script, index, request)];
    }
  }

  async close(): Promise<void> {}
}

function failure(status: number): ApiFailure {
  const scope =
    status === 401 || status === 403 || status === 404 ? "run" : status >= 500 ? "sample" : "prompt";
  return new ApiFailure(`the LLM API at fake: answered ${status}`, { scope, status });
}

function sampleOf(script: Script, index: number, request: SampleRequest): Sample {
  const warnings: string[] = [];
  if (script.finishReason === "length") warnings.push("cut off at the token limit (finish_reason length)");
  if (script.refusal !== undefined) warnings.push("the model refused to answer");
  else if (script.text === "") warnings.push("the reply is empty");
  return {
    index,
    text: script.text,
    finishReason: script.finishReason,
    ...(script.refusal === undefined ? {} : { refusal: script.refusal }),
    usage: {
      promptTokens: 10,
      cachedPromptTokens: 0,
      completionTokens: script.text.length,
      reasoningTokens: 0,
      estimated: false,
    },
    usageSharedBy: 1,
    model: request.model,
    createdAt: new Date(0).toISOString(),
    warnings,
  };
}
