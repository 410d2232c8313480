// transformers.js's side of benchmarks/scoring: one pass per prefix over the fp32 graph of rows. Requests and answers
// are those of pytorch.py, one JSON object a line.
import { createInterface } from "node:readline";
import { env, PreTrainedModel, Tensor } from "@huggingface/transformers";

const [folder] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = "";
const model = await PreTrainedModel.from_pretrained(folder, {
  dtype: "fp32",
  device: "cpu",
  session_options: { intraOpNumThreads: 2 },
});
console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  const { sequences } = JSON.parse(line);
  const rewards = [];
  let tokens = 0;
  const start = performance.now();
  for (const { ids, marks } of sequences) {
    const whole = (value) => new Tensor("int64", BigInt64Array.from(ids, value), [1, ids.length]);
    const { logits } = await model({
      input_ids: whole((id) => BigInt(id)),
      attention_mask: whole(() => 1n),
    });
    rewards.push((marks ?? [0]).map((mark) => 1 / (1 + Math.exp(-logits.data[mark]))));
    tokens += ids.length;
  }
  console.log(JSON.stringify({ rewards, seconds: (performance.now() - start) / 1000, tokens }));
}
