import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as whole from "@huggingface/transformers";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const bundled: typeof whole = await import(
  new URL("../../dist/bundled/transformers.js", import.meta.url).href
);

/** The tokenizers that the repository has, by their folders: WordPiece and byte-level BPE, small and whole. */
const FOLDERS = [
  "models/funprm-prm-small",
  "test/fixtures/prm-encoder-tiny",
  "test/fixtures/prm-decoder-tiny",
  "test/fixtures/prm-large-tiny",
  "test/fixtures/prm-probe-tiny",
  "test/fixtures/prm-tree-tiny",
];

const programs = (await readFile(join(ROOT, "examples/interval-merge/candidates.jsonl"), "utf8"))
  .trim()
  .split("\n")
  .map((line): string => JSON.parse(line).code);

describe("the part of transformers.js that the build bundles gives the tokens of the whole", () => {
  test.each(FOLDERS)("with the tokenizer of %s", async (folder) => {
    const [json, config] = await Promise.all(
      ["tokenizer.json", "tokenizer_config.json"].map(async (name): Promise<object> =>
        JSON.parse(await readFile(join(ROOT, folder, name), "utf8")),
      ),
    );
    if (json === undefined || config === undefined) throw new Error("expected two files");
    const expected = new whole.PreTrainedTokenizer(json, config);
    const got = new bundled.PreTrainedTokenizer(json, config);
    expect(String([...got.get_vocab()])).toBe(String([...expected.get_vocab()]));
    const agree = (text: string): void => {
      const options = { add_special_tokens: false };
      expect(got.encode(text, options)).toEqual(expected.encode(text, options));
    };
    for (const program of programs) agree(program);
    const text = fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.string({ unit: "grapheme" }));
    fc.assert(fc.property(text, agree));
  });
});

test("the bundle knows the public hub", () => {
  expect(bundled.env.remoteHost).toBe(whole.env.remoteHost);
});
