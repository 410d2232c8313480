import { z } from "zod";
import { AGGREGATES } from "../../core/aggregate.ts";
import { expectedOf, valueAt } from "../../core/expected.ts";
import { FunprmError } from "../../core/errors.ts";
import { shownJson } from "../../core/shown-json.ts";
import { STEP_SIZES } from "../../core/step.ts";

/** The file that makes a folder a PRM; docs/design/prm-manifest.md gives every field's meaning. */
export const MANIFEST_NAME = "prm.json";

export const FORMAT = "funprm-prm/1";

/** Less than this leaves no room for a step besides the special tokens. */
const SHORTEST_CONTEXT = 16;

const tokenId = z.int().nonnegative();
const tokenPlace = tokenId.nullable();

/** A server that has the model. */
export const endpointSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).refine(withoutSecrets, "expected an address without user and query"),
  model: z.string().min(1),
});

const fileEntry = z.strictObject({
  path: z.string().refine(staysInside, "expected a relative path with forward slashes and no '..'"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hexadecimal digits"),
  bytes: z.int().positive(),
});

/** A graph. Its rewards in another company differ by rounding alone, which `int8` magnifies. */
const graphEntry = fileEntry.extend({ precision: z.enum(["fp32", "int8"]).default("fp32") });

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  name: z.string().min(1),
  version: z.string().min(1),
  license: z.string().min(1),
  architecture: z.enum(["encoder", "decoder"]),
  graph: z.enum(["rows", "tree"]).default("rows"),
  activations: z.strictObject({ perToken: z.int().positive(), perPair: z.int().positive() }).optional(),
  endpoint: endpointSchema.extend({ column: z.int().nonnegative().default(0) }).optional(),
  files: z.strictObject({
    model: graphEntry.optional(),
    modelFp32: graphEntry.optional(),
    tokenizer: fileEntry,
    tokenizerConfig: fileEntry.optional(),
    externalData: z.array(fileEntry).optional(),
  }),
  template: z.strictObject({
    beforeStatement: z.string(),
    afterStatement: z.string(),
    afterCode: z.string(),
  }),
  specialTokens: z.strictObject({
    first: tokenPlace,
    betweenStatementAndCode: tokenPlace,
    last: tokenPlace,
    pad: tokenId,
  }),
  reading: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("prefix") }),
    z.strictObject({ kind: z.literal("step-mark"), markId: tokenId }),
  ]),
  output: z.strictObject({
    name: z.string().min(1),
    activation: z.enum(["sigmoid", "none"]),
    range: z
      .union([z.tuple([z.literal(0), z.literal(1)]), z.tuple([z.literal(-1), z.literal(1)])], {
        error: "expected [0, 1] or [-1, 1]",
      })
      .exactOptional(),
  }),
  label: z.string().min(1),
  stepSize: z.enum(STEP_SIZES),
  contextLength: z.int().min(SHORTEST_CONTEXT),
  aggregate: z.enum(AGGREGATES),
});

export type PrmManifest = Readonly<z.infer<typeof manifestSchema>>;

/** A file that the manifest lists; `path` is relative to the folder. */
export type ManifestFile = Readonly<z.infer<typeof fileEntry>>;

/** What a graph computes its matrix products in. */
export type Precision = z.infer<typeof graphEntry>["precision"];

/** The files with weights of one graph: they are next to it, and their paths begin with its path. */
export function externalWeights({ files }: PrmManifest, graph: ManifestFile): readonly ManifestFile[] {
  return (files.externalData ?? []).filter(({ path }) => path.startsWith(graph.path));
}

/**
 * Reads the text of a prm.json. `source` names it in errors.
 *
 * @throws FunprmError("model") that names the field, what it should hold and what it holds.
 */
export function parseManifest(text: string, source: string): PrmManifest {
  const manifest = readAs(manifestSchema, text, source);
  refuseContradictions(manifest, source);
  return manifest;
}

/** The text of a prm.json of some form. Throws as `parseManifest`. */
export function readAs<T>(schema: z.ZodType<T>, text: string, source: string): T {
  const json = parseJson(text, source);
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      (issue) =>
        `${issue.path.length === 0 ? "" : `field "${issue.path.join(".")}": `}${explain(issue, json)}`,
    );
    throw new FunprmError("model", `${source} does not describe a PRM: ${lines.join("; ")}. ${REMEDY}`);
  }
  return parsed.data;
}

const REMEDY = "Correct the field, or export the model again.";

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FunprmError("model", `${source}: expected JSON, got text that is not. ${REMEDY}`, { cause });
  }
}

function explain(issue: z.core.$ZodIssue, json: unknown): string {
  const got = valueAt(json, issue.path);
  return `expected ${expectedOf(issue)}, got ${shownJson(got).slice(0, 120)}`;
}

function refuseContradictions(manifest: PrmManifest, source: string): void {
  const { reading, architecture, specialTokens, graph, endpoint, files, output } = manifest;
  if (output.range?.[0] === -1 && output.activation === "sigmoid") {
    throw new FunprmError(
      "model",
      `${source}: field "output.range": expected [0, 1] for the activation "sigmoid", got [-1, 1]. ${REMEDY}`,
    );
  }
  if ((endpoint === undefined) === (files.model === undefined)) {
    const got = endpoint === undefined ? "neither" : "both";
    throw new FunprmError(
      "model",
      `${source}: expected either "files.model", the weights, or "endpoint", a server that has them, got ${got}. ${REMEDY}`,
    );
  }
  if (graph === "tree" && architecture === "encoder") {
    // Programs can share a beginning only where a token sees nothing behind it.
    throw new FunprmError(
      "model",
      `${source}: field "graph": expected "rows" for the architecture "encoder", got "tree". ${REMEDY}`,
    );
  }
  if (reading.kind !== "step-mark") return;
  if (architecture === "encoder") {
    // An encoder's mark sees the steps after it, so its output is no reward of a prefix.
    throw new FunprmError(
      "model",
      `${source}: field "reading.kind": expected "prefix" for the architecture "encoder", got "step-mark". ${REMEDY}`,
    );
  }
  if (reading.markId === specialTokens.pad) {
    throw new FunprmError(
      "model",
      `${source}: field "reading.markId": expected another id than "specialTokens.pad", got ${reading.markId} for both. ${REMEDY}`,
    );
  }
}

/** Keys come from the environment; a manifest is passed on. */
function withoutSecrets(url: string): boolean {
  const { username, password, search } = new URL(url);
  return username === "" && password === "" && search === "";
}

function staysInside(path: string): boolean {
  return (
    path !== "" &&
    !path.includes("\\") &&
    !path.includes("\0") &&
    !/^[A-Za-z]:/.test(path) &&
    path.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}
