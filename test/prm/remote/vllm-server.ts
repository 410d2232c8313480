import type { ServerResponse } from "node:http";
import * as ort from "onnxruntime-node";
import { json, localServer } from "../../llm/local-server.ts";
import type { LocalServer, Seen } from "../../llm/local-server.ts";
import { tinyFolder } from "../fixtures.ts";

/** Output for every token of a sequence, before the activation. */
type Logits = (ids: readonly number[]) => Promise<readonly number[]>;

/** The tiny decoder's fp32 graph of rows, one sequence a run. */
export async function tinyDecoder(): Promise<Logits> {
  const session = await ort.InferenceSession.create(`${tinyFolder("decoder")}/onnx/model.onnx`);
  return async (ids) => {
    const whole = (value: (index: number) => number): ort.Tensor =>
      new ort.Tensor(
        "int64",
        BigInt64Array.from(ids, (_, index) => BigInt(value(index))),
        [1, ids.length],
      );
    const { logits } = await session.run({
      input_ids: whole((index) => ids[index] ?? 0),
      attention_mask: whole(() => 1),
      position_ids: whole((index) => index),
    });
    return Array.from(logits?.data ?? [], Number);
  };
}

export interface VllmOptions {
  /** Step pooling: rows for tokens of this id only. Absent: a row for every token. */
  readonly stepTagId?: number;
  /** Comes before the answer; true: it has answered itself. */
  readonly fault?: (seen: Seen, response: ServerResponse) => boolean;
}

/** A server with vLLM's `/pooling` for the task "token_classify": its request and answer forms, its error form. */
export async function vllmServer(
  logits: Logits,
  { stepTagId, fault }: VllmOptions = {},
): Promise<LocalServer> {
  return await localServer(async (seen, response) => {
    if (fault?.(seen, response) === true) return;
    const { model, task, input, encoding_format: encoding, use_activation: activation } = seen.body;
    const path = seen.path.replace(/^\/v1/, "");
    if (path !== "/pooling" || task !== "token_classify" || encoding !== "float" || !isTokens(input)) {
      const error = { message: "unexpected request", type: "BadRequestError", param: null, code: 400 };
      return json(response, 400, { error });
    }
    const data = [];
    for (const [index, ids] of input.entries()) {
      const outputs = (await logits(ids)).map((value) => [
        activation === true ? 1 / (1 + Math.exp(-value)) : value,
      ]);
      const rows = stepTagId === undefined ? outputs : outputs.filter((_, place) => ids[place] === stepTagId);
      data.push({ index, object: "pooling", data: rows });
    }
    const tokens = input.reduce((sum, ids) => sum + ids.length, 0);
    const usage = { prompt_tokens: tokens, total_tokens: tokens, completion_tokens: 0 };
    return json(response, 200, { id: "pool-1", object: "list", created: 1, model, data, usage });
  });
}

function isTokens(value: unknown): value is number[][] {
  return Array.isArray(value) && value.every((row) => Array.isArray(row) && row.every(Number.isInteger));
}
