import { expect, test } from "vitest";
import { checkGraph } from "../../../src/prm/scoring/graph.ts";
import type { TensorMetadata } from "../../../src/prm/scoring/graph.ts";

const tensor = (name: string, type: "int64" | "int32" | "float32" | "float16", shape: (number | string)[]) =>
  ({ name, isTensor: true, type, shape }) satisfies TensorMetadata;

const ids = tensor("input_ids", "int64", ["batch", "length"]);
const mask = tensor("attention_mask", "int64", ["batch", "length"]);
const output = { name: "logits", activation: "sigmoid" } as const;
const prefix = { reading: { kind: "prefix" }, output } as const;
const marks = { reading: { kind: "step-mark", markId: 4 }, output } as const;
const perRow = tensor("logits", "float32", ["batch"]);
const perToken = tensor("logits", "float32", ["batch", "length"]);

test("accepts what the manifest allows and names the inputs to feed", () => {
  const inputs = [ids, mask];
  expect(checkGraph({ inputs, outputs: [perRow] }, prefix, "m")).toEqual(["input_ids", "attention_mask"]);
  const column = tensor("logits", "float32", ["batch", 1]);
  expect(checkGraph({ inputs, outputs: [column] }, prefix, "m")).toHaveLength(2);
  expect(checkGraph({ inputs, outputs: [perToken] }, marks, "m")).toHaveLength(2);
  const types = tensor("token_type_ids", "int64", ["batch", "length"]);
  const positions = tensor("position_ids", "int64", ["batch", "length"]);
  expect(checkGraph({ inputs: [positions, ids, types, mask], outputs: [perRow] }, prefix, "m")).toEqual([
    "position_ids",
    "input_ids",
    "token_type_ids",
    "attention_mask",
  ]);
});

test.each<[string, TensorMetadata[], TensorMetadata[], typeof prefix | typeof marks, RegExp]>([
  [
    "no mask",
    [ids],
    [perRow],
    prefix,
    /"attention_mask": expected int64 \[batch, length\], got a graph with "input_ids"/,
  ],
  [
    "an input nobody knows",
    [ids, mask, tensor("past.0", "float32", [])],
    [perRow],
    prefix,
    /"past\.0": expected one of/,
  ],
  ["int32 ids", [tensor("input_ids", "int32", ["b", "l"]), mask], [perRow], prefix, /got int32 \[b, l\]/],
  [
    "a fixed length",
    [tensor("input_ids", "int64", ["b", 128]), mask],
    [perRow],
    prefix,
    /got int64 \[b, 128\]/,
  ],
  [
    "another output name",
    [ids, mask],
    [tensor("score", "float32", ["b"])],
    prefix,
    /"output\.name".*"score"/,
  ],
  [
    "tokens' outputs for prefixes",
    [ids, mask],
    [perToken],
    prefix,
    /\[batch, 1\].*got float32 \[batch, length\]/,
  ],
  ["two classes", [ids, mask], [tensor("logits", "float32", ["b", 2])], prefix, /got float32 \[b, 2\]/],
  [
    "one output for marks",
    [ids, mask],
    [perRow],
    marks,
    /\[batch, length\].*"step-mark", got float32 \[batch\]/,
  ],
  ["half precision", [ids, mask], [tensor("logits", "float16", ["b"])], prefix, /got float16/],
])("refuses %s", (_, inputs, outputs, manifest, message) => {
  expect(() => checkGraph({ inputs, outputs }, manifest, "m")).toThrow(message);
});
