// Samples from a server into a store, in a process of its own that a test may kill.
// argv: JSON of {baseUrl, store, jobs, params?, concurrency?, choices?, ...}.
// stdout: one JSON line a sample; then {"error": {...}} or {"end": true}.
import { inspect } from "node:util";
import { openAiLlm } from "../../dist/llm/openai-client.js";
import { sampleProblems } from "../../dist/llm/sampler.js";
import { SampleStore } from "../../dist/llm/store/store.js";

const [, , json] = process.argv;
const options = JSON.parse(json);
const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort());
const llm = await openAiLlm({
  baseUrl: options.baseUrl,
  apiKeyEnv: options.apiKeyEnv,
  concurrency: options.concurrency ?? 8,
  choicesPerRequest: options.choices ?? 4,
  backoffBaseMs: 5,
  timeoutMs: options.timeoutMs ?? 20_000,
});
try {
  const samples = sampleProblems(options.jobs, {
    llm,
    model: "replayed",
    params: options.params ?? {},
    store: new SampleStore(options.store, (warning) => say({ warning })),
    signal: interrupt.signal,
    onProgress: (progress) => options.tellProgress === true && say({ progress }),
  });
  for await (const { problemId, sample, stored } of samples) {
    say({ problemId, index: sample.index, text: sample.text, stored });
  }
  say({ end: true });
} catch (error) {
  say({
    error: {
      code: error.code,
      message: error.message,
      inspected: inspect(error, { depth: 20 }),
      json: JSON.stringify(error),
    },
  });
} finally {
  await llm.close();
}
