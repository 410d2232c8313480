// The bare ONNX session: calls of given sizes with made-up inputs, and nothing else. A request is {"calls": [[tokens,
// cached tokens], ..]} for a graph of trees or {"rows": [[rows, tokens], ..]} for one of rows, an answer {"seconds", "tokens"}.
import { createInterface } from "node:readline";
import ort from "onnxruntime-node";

const [path] = process.argv.slice(2);
const session = await ort.InferenceSession.create(path, { intraOpNumThreads: 2, logSeverityLevel: 3 });
const past = session.inputMetadata.find(({ name }) => name === "past");
const row = past?.shape.slice(1);
const whole = (dims, value) =>
  new ort.Tensor(
    "int64",
    BigInt64Array.from({ length: dims.reduce((product, size) => product * size, 1) }, (_, i) =>
      BigInt(value(i)),
    ),
    dims,
  );
const id = (i) => (i * 7919) % 16_000;

function treeFeed([tokens, cached]) {
  const rowSize = row.reduce((product, size) => product * size, 1);
  return {
    input_ids: whole([tokens], id),
    position_ids: whole([tokens], (i) => cached + i),
    visible_until: whole([cached + tokens], () => tokens),
    past: new ort.Tensor("float32", new Float32Array(cached * rowSize), [cached, ...row]),
  };
}

function rowsFeed(dims) {
  const values = { input_ids: id, attention_mask: () => 1, token_type_ids: () => 0 };
  return Object.fromEntries(session.inputNames.map((name) => [name, whole(dims, values[name])]));
}

console.log(JSON.stringify({ ready: true }));
for await (const line of createInterface({ input: process.stdin })) {
  const { calls, rows } = JSON.parse(line);
  const feeds = calls?.map(treeFeed) ?? rows.map(rowsFeed);
  const start = performance.now();
  for (const feed of feeds) await session.run(feed);
  const tokens = feeds.reduce((sum, { input_ids: { size } }) => sum + size, 0);
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, tokens }));
}
