import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { loadManifest } from "../../../src/prm/manifest/folder.ts";
import { loadTokenizer, type PrmTokenizer } from "../../../src/prm/tokens/tokenizer.ts";
import { copyTiny, replaceFile, setField } from "../fixtures.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Texts that spell special tokens, with the ids that training/tests/prm/test_tokenizers.py asks of Python. */
const SPELT: Record<string, { text: string; ids: number[] }[]> = JSON.parse(
  await readFile(join(ROOT, "test/fixtures/special-texts.json"), "utf8"),
);
const folders: string[] = [];
afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
});

async function tokenizerOf(folder: string): Promise<PrmTokenizer> {
  const { manifest, paths } = await loadManifest(folder);
  return await loadTokenizer(manifest, paths);
}

async function changed(change: (folder: string) => Promise<void>): Promise<PrmTokenizer> {
  const folder = await copyTiny("decoder");
  folders.push(folder);
  await change(folder);
  return await tokenizerOf(folder);
}

describe("what spells a special token is text", () => {
  test.each(Object.keys(SPELT))("in %s, by the ids that Python gives", async (folder) => {
    const { encode } = await tokenizerOf(join(ROOT, folder));
    const cases = SPELT[folder] ?? [];
    expect(cases.map(({ text }) => encode(text))).toEqual(cases.map(({ ids }) => ids));
  });

  test("even in a unigram model, whose vocabulary holds them, and for a mark that is not said to be special", async () => {
    const pieces = [..."▁abc<>/s"].map((letter): [string, number] => [letter, -5]);
    const vocab = [["<unk>", 0], ["<s>", 0], ["</s>", 0], ...pieces];
    const added = [
      { id: 0, content: "<unk>", special: true },
      { id: 1, content: "<s>", special: true },
      { id: 2, content: "</s>", special: false },
    ];
    const { encode } = await changed(async (folder) => {
      const content = {
        added_tokens: added,
        normalizer: null,
        pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
        model: { type: "Unigram", unk_id: 0, vocab, byte_fallback: false },
        post_processor: null,
        decoder: null,
      };
      await replaceFile(folder, "tokenizer", Buffer.from(JSON.stringify(content)));
      await setField(folder, "specialTokens", {
        first: 1,
        betweenStatementAndCode: null,
        last: null,
        pad: 0,
      });
      await setField(folder, "reading.markId", 2);
    });
    expect(encode("a<s>b</s>")).toEqual([3, 4, 7, 10, 8, 5, 7, 9, 10, 8]);
  });

  test("but the template's author may write them, even with a statement that spells them", async () => {
    const { encode, template } = await changed((folder) =>
      setField(folder, "template", { beforeStatement: "<s>a", afterStatement: "<sep>", afterCode: "</s>" }),
    );
    const statement = "<s> \\ $& </s>";
    expect(encode(template.beforeStatement + statement + template.afterStatement)).toEqual([
      1,
      ...encode(`a${statement}`),
      2,
    ]);
    expect(encode(template.afterCode)).toEqual([3]);
    expect(encode(statement).filter((id) => id < 5)).toEqual([]);
  });
});
