import { mkdtemp, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadManifest } from "../../../src/prm/manifest/folder.ts";
import { copyTiny, setField, TINY, tinyFolder } from "../fixtures.ts";

test.each(TINY)("accepts the tiny %s and gives absolute paths of its files", async (which) => {
  const prm = await loadManifest(tinyFolder(which));
  expect(prm.manifest.name).toBe(`tiny-${which}`);
  expect(prm.paths.model).toBe(join(tinyFolder(which), "onnx/model_int8.onnx"));
  const fp32 = await loadManifest(tinyFolder(which), "modelFp32");
  expect(fp32.paths.model).toBe(join(tinyFolder(which), "onnx/model.onnx"));
  expect(fp32.sha256).not.toBe(prm.sha256);
});

test("the same weights read in another way are another model", async () => {
  const folder = await copyTiny("encoder");
  const before = await loadManifest(folder);
  await setField(folder, "template.beforeStatement", "Task: ");
  expect((await loadManifest(folder)).sha256).not.toBe(before.sha256);
});

test("weights next to the graph are checked", async () => {
  const { manifest } = await loadManifest(tinyFolder("large"));
  const external = manifest.files.externalData?.find(({ path }) => path.includes("int8"));
  const changed = { ...external, sha256: "0".repeat(64) };
  expect(await refusal((folder) => setField(folder, "files.externalData", [changed]), "large")).toMatch(
    /files\.externalData\.0.*expected sha256 0000/,
  );
});

/** Spoils a good folder and gives the message that loading it then fails with. */
async function refusal(
  spoil: (folder: string) => Promise<unknown>,
  which: "encoder" | "decoder" | "large" = "encoder",
) {
  const folder = await copyTiny(which);
  try {
    await spoil(folder);
    const error: unknown = await loadManifest(folder).then(
      () => "accepted",
      (error: unknown) => error,
    );
    expect(error).toMatchObject({ name: "FunprmError", code: "model" });
    return String(error).replaceAll(folder, "PRM");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test.each<[string, string, unknown, RegExp]>([
  ["an unknown format version", "format", "funprm-prm/2", /"format".*"funprm-prm\/1".*got "funprm-prm\/2"/],
  ["no architecture", "architecture", undefined, /"architecture".*got nothing/],
  ["an unknown reading", "reading.kind", "mark", /"reading\.kind".*got "mark"/],
  ["a reading with another's field", "reading", { kind: "prefix", markId: 4 }, /"reading".*markId/],
  ["a step mark without its id", "reading", { kind: "step-mark" }, /"reading\.markId".*got nothing/],
  ["a short context", "contextLength", 8, /"contextLength".*16.*got 8/],
  ["a fractional context", "contextLength", 96.5, /"contextLength".*got 96\.5/],
  ["a negative token id", "specialTokens.first", -1, /"specialTokens\.first".*got -1/],
  ["no pad id", "specialTokens.pad", null, /"specialTokens\.pad".*got null/],
  ["an unknown aggregate", "aggregate", "median", /"aggregate".*mean.*got "median"/],
  ["an unknown step size", "stepSize", "token", /"stepSize".*got "token"/],
  ["an unknown activation", "output.activation", "softmax", /"output\.activation".*got "softmax"/],
  ["a short sha256", "files.model.sha256", "abc", /"files\.model\.sha256".*64.*got "abc"/],
  ["no weights", "files.model", undefined, /"files\.model".*got neither/],
  ["a tree for an encoder, whose tokens see what follows", "graph", "tree", /"graph".*"rows".*"encoder"/],
  ["a path upwards", "files.model.path", "../model.onnx", /"files\.model\.path".*'\.\.'.*got "\.\.\/model/],
  ["a path upwards within", "files.model.path", "onnx/../../m.onnx", /"files\.model\.path"/],
  ["an absolute path", "files.tokenizer.path", "/etc/hostname", /"files\.tokenizer\.path".*got "\/etc/],
  ["a drive path", "files.tokenizer.path", "C:/tokenizer.json", /"files\.tokenizer\.path"/],
  ["a backslash path", "files.tokenizer.path", "..\\tokenizer.json", /"files\.tokenizer\.path"/],
  [
    "a file that is not there",
    "files.model.path",
    "onnx/no.onnx",
    /no\.onnx.*expected a file, got nothing there/,
  ],
  ["a folder as a file", "files.model.path", "onnx", /expected a file, got something else/],
  ["another size", "files.model.bytes", 1, /files\.model.*expected 1 bytes, got 89613 bytes/],
  [
    "another sha256",
    "files.tokenizer.sha256",
    "0".repeat(64),
    /files\.tokenizer.*sha256 0{64}, got sha256 1077fac4/,
  ],
])("refuses %s", async (_, field, value, message) => {
  expect(await refusal((folder) => setField(folder, field, value))).toMatch(message);
});

test("refuses step marks for an encoder, whose marks would see what follows", async () => {
  expect(await refusal((folder) => setField(folder, "reading", { kind: "step-mark", markId: 4 }))).toMatch(
    /"reading\.kind": expected "prefix" for the architecture "encoder", got "step-mark"/,
  );
});

test("refuses the pad token as the step mark", async () => {
  expect(await refusal((folder) => setField(folder, "reading.markId", 0), "decoder")).toMatch(
    /"reading\.markId"/,
  );
});

test("names every wrong field at once", async () => {
  const message = await refusal(async (folder) => {
    await setField(folder, "aggregate", 1);
    await setField(folder, "label", "");
  });
  expect(message).toMatch(/"label".*"aggregate"/);
});

test("refuses a changed file of the same size", async () => {
  const message = await refusal(async (folder) => {
    const path = join(folder, "tokenizer_config.json");
    await truncate(path, 141);
    await writeFile(path, " ", { flag: "a" });
  });
  expect(message).toMatch(/files\.tokenizerConfig.*sha256/);
});

test("refuses a link that leads out of the folder, and follows one that stays", async () => {
  const outside = await mkdtemp(join(tmpdir(), "funprm-outside-"));
  const message = await refusal(async (folder) => {
    await rename(join(folder, "tokenizer.json"), join(outside, "tokenizer.json"));
    await symlink(join(outside, "tokenizer.json"), join(folder, "tokenizer.json"));
  });
  expect(message).toMatch(/inside the PRM folder, got a link out of it/);

  const folder = await copyTiny("encoder");
  await rename(join(folder, "tokenizer.json"), join(folder, "elsewhere.json"));
  await symlink("elsewhere.json", join(folder, "tokenizer.json"));
  await expect(loadManifest(folder)).resolves.toMatchObject({ manifest: { name: "tiny-encoder" } });
});

test("says what is missing: the folder, its manifest, or its sense", async () => {
  expect(await refusal((folder) => rm(folder, { recursive: true }))).toMatch(
    /PRM folder at PRM, got nothing there/,
  );
  expect(await refusal((folder) => rm(join(folder, "prm.json")))).toMatch(/expected prm\.json in PRM/);
  expect(await refusal((folder) => writeFile(join(folder, "prm.json"), "{"))).toMatch(/expected JSON/);
  expect(await refusal((folder) => writeFile(join(folder, "prm.json"), "[]"))).toMatch(
    /does not describe a PRM: expected an object, got \[\]/,
  );
  await expect(loadManifest(join(tinyFolder("encoder"), "prm.json"))).rejects.toThrow(/got a file/);
});

test("does not ask for fp32 weights that are listed but left out, unless they are wanted", async () => {
  const folder = await copyTiny("encoder");
  await rm(join(folder, "onnx/model.onnx"));
  await expect(loadManifest(folder)).resolves.toBeDefined();
  await expect(loadManifest(folder, "modelFp32")).rejects.toThrow(/model\.onnx.*nothing there/);
  await setField(folder, "files.modelFp32", undefined);
  await expect(loadManifest(folder, "modelFp32")).rejects.toThrow(/"files\.modelFp32".*got nothing/);
});
