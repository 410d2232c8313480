import { join } from "node:path";
import { z } from "zod";
import { AGGREGATES } from "../core/aggregate.ts";
import { expectedOf } from "../core/expected.ts";
import { FunprmError } from "../core/errors.ts";
import { HELPS } from "../separate/helps.ts";
import { shownJson } from "../core/shown-json.ts";
import { STEP_SIZES } from "../core/step.ts";
import { MIXES } from "../rollout/lines/mix.ts";
import { COMPARABLE_SPEED } from "../sandbox/machine-speed.ts";
import type { Invocation } from "../cli/command.ts";
import { kebab, readConfig } from "./config-file.ts";
import { shardOption } from "./shard-option.ts";

export const DEFAULT_PYTHON = "python3";

/** A number as typed, or as funprm.toml holds it; nothing else, such as true, is made one. */
const numeric = <Schema extends z.ZodType<number>>(schema: Schema) =>
  z.preprocess((value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value), schema);
const count = z.number().int().positive();
const text = z.string().min(1);
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "expected the name of an environment variable");
const day = z.iso.date("expected a day as YYYY-MM-DD");
/** Names separated by commas; a list in funprm.toml. */
const names = z
  .union([z.string().transform((list) => list.split(",")), z.array(z.string())])
  .transform((list) => list.map((name) => name.trim()))
  .refine((list) => list.length > 0 && !list.includes(""), "expected names separated by commas");

/** `true`, or `all`: every help. */
const helps = z
  .union([z.boolean(), names])
  .transform((wanted) => (typeof wanted === "boolean" ? (wanted ? [...HELPS] : []) : wanted))
  .transform((wanted) => (wanted.includes("all") ? [...HELPS] : wanted))
  .pipe(z.array(z.enum(HELPS)));

/** Every option's domain value. Flags arrive as strings, funprm.toml brings numbers and booleans. */
const optionsSchema = z.object({
  problems: text.optional(),
  candidates: text.optional(),
  samples: numeric(count.max(100_000)).default(8),
  leastSamples: numeric(count).optional(),
  stopAt: numeric(z.number().min(0).max(1)).default(0.9),
  minGain: numeric(z.number().min(0).max(1)).default(0.002),
  repair: z.boolean().default(false),
  model: text.optional(),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  apiKeyEnv: variableName.default("OPENAI_API_KEY"),
  temperature: numeric(z.number().min(0).max(2)).default(0.8),
  topP: numeric(z.number().gt(0).max(1)).optional(),
  maxTokens: numeric(count).default(8192),
  reasoningEffort: text.optional(),
  logprobs: z.boolean().default(false),
  seed: numeric(z.number().int()).default(0),
  count: numeric(count.max(10_000)).default(60),
  large: z.boolean().default(false),
  concurrency: numeric(count.max(4096)).default(16),
  timeout: numeric(z.number().positive()).optional(),
  prompt: text.default("chain-of-function"),
  store: text.default(join(".funprm", "samples")),
  prices: text.optional(),
  maxCost: numeric(z.number().positive()).optional(),
  dryRun: z.boolean().default(false),
  prm: text.optional(),
  steps: z.enum(STEP_SIZES).default("function"),
  aggregate: z.enum(AGGREGATES).optional(),
  threads: numeric(count.max(1024)).optional(),
  maxMemory: numeric(count.max(1_048_576)).optional(),
  select: text.optional(),
  test: text.optional(),
  testFile: text.optional(),
  testPath: text.default("solution.py"),
  recombine: z.boolean().default(false),
  separate: helps.default([]),
  separateModel: text.optional(),
  minConfidence: numeric(z.number().min(0).max(1)).default(0),
  grouped: z.boolean().default(false),
  best: z.boolean().default(false),
  explain: z.boolean().default(false),
  jsonl: z.boolean().default(false),
  out: text.optional(),
  json: z.boolean().default(false),
  quiet: z.boolean().default(false),
  tests: text.optional(),
  python: text.default(DEFAULT_PYTHON),
  jobs: numeric(count.max(1024)).optional(),
  memory: numeric(count.max(1_048_576)).default(1024),
  resume: z.boolean().default(false),
  stopAtFirstFailure: z.boolean().default(false),
  form: z.enum(["funprm", "livecodebench", "evalplus", "bigcodebench"]).default("funprm"),
  config: text.optional(),
  correction: z.enum(["none", "any", "weights", "table", "pairs"]).default("none"),
  run: text.optional(),
  checkpoint: text.optional(),
  layout: z.enum(["dreamprm", "skywork"]).optional(),
  base: text.optional(),
  download: z.boolean().default(false),
  name: text.optional(),
  policy: z.enum(["api", "pool"]).default("api"),
  continuation: z.enum(["prefill", "completions"]).default("prefill"),
  rollouts: numeric(count.max(10_000)).optional(),
  label: z.enum(["search", "exhaustive"]).default("search"),
  mix: z.enum(MIXES).default("full"),
  rolloutTemperature: numeric(z.number().min(0).max(2)).default(0.3),
  limit: numeric(count).optional(),
  verdicts: text.optional(),
  shard: shardOption.optional(),
  shards: text.optional(),
  steady: z.boolean().default(false),
  speedRatio: numeric(z.number().min(1)).default(COMPARABLE_SPEED),
  compact: z.boolean().default(false),
  unsafe: z.boolean().default(false),
  pool: z.array(text).default([]),
  release: z.enum(["v1", "v2", "v3", "v4", "v5", "v6"]).optional(),
  from: day.optional(),
  to: day.optional(),
  platform: names.optional(),
  difficulty: names.optional(),
  subset: z.enum(["full", "hard"]).optional(),
  split: z.enum(["complete", "instruct"]).optional(),
  selectors: names.optional(),
  baseline: text.default("random"),
  replace: z.boolean().default(false),
  regrade: z.boolean().default(false),
  by: names.default(["model"]),
  pooled: z.boolean().default(false),
  skipExecution: z.boolean().default(false),
  mixedOnly: z.boolean().default(false),
  judge: text.optional(),
  testTimeout: numeric(z.number().positive()).optional(),
  host: text.default("127.0.0.1"),
  port: numeric(z.number().int().min(0).max(65_535)).optional(),
  clientKeyEnv: variableName.optional(),
  openToAll: z.boolean().default(false),
  maxN: numeric(count.max(1000)).default(32),
  atOnce: numeric(count.max(1024)).default(4),
  queue: numeric(z.number().int().min(0).max(100_000)).optional(),
  maxBody: numeric(count.max(1024)).default(16),
  shape: z.literal("psgpo").optional(),
  outcome: z.enum(["passed", "share"]).default("passed"),
  latency: numeric(z.number().min(0)).default(0),
  fault: z.array(text).default([]),
  cycle: z.boolean().default(false),
  title: text.optional(),
  summary: z.boolean().default(false),
  index: z.boolean().default(false),
  readability: z.boolean().default(false),
});

export type Options = Omit<z.infer<typeof optionsSchema>, "leastSamples"> & {
  /** Samples a problem, at least; fewer than `samples` where they are drawn in rounds. */
  readonly leastSamples: number;
  /** A PRM of one's own is asked about the last ties; the bundled one, which is chance there, is not. */
  readonly select: string;
};

/**
 * Defaults, then the user's own funprm.toml, then the nearest one, then flags; what does not fit is a usage error that
 * names the flag.
 */
export function readOptions(
  invocation: Invocation,
  directory = process.cwd(),
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Options {
  const { problem, ...rest } = invocation.flags;
  const flags: Record<string, unknown> = rest;
  if (problem !== undefined) {
    if (flags["problems"] !== undefined)
      throw new FunprmError("usage", "give --problems or --problem, not both");
    flags["problems"] = problem;
  }
  const config = readConfig(directory, environment);
  for (const [option, refusal] of config.refused) if (!Object.hasOwn(flags, option)) throw refusal;
  const values = withRange({ ...config.values, ...flags });
  const parsed = optionsSchema.safeParse(values);
  if (parsed.success) {
    const options = completed(parsed.data);
    const { samples: most, leastSamples: least } = options;
    if (least < most && flags["samples"] !== undefined && invocation.command !== "solve") {
      throw new FunprmError(
        "usage",
        `-n ${least}..${most}: only solve samples in rounds; give ${invocation.command} one number, such as -n ${most}`,
      );
    }
    return options;
  }
  const issue = parsed.error.issues[0];
  const key = String(issue?.path[0]);
  const fromFlag = Object.hasOwn(flags, key);
  const value: unknown = fromFlag ? flags[key] : config.values[key];
  const where = fromFlag ? `--${kebab(key)}` : `${kebab(key)} in ${config.source.get(key) ?? "funprm.toml"}`;
  // Whoever gives the key itself instead of its variable's name must not read it in a log.
  const got = key === "apiKeyEnv" || key === "clientKeyEnv" ? "another text" : shownJson(value);
  const expected = issue === undefined ? "another value" : expectedOf(issue);
  throw new FunprmError(
    "usage",
    `${where}: expected ${expected}, got ${got}. ${fromFlag ? `See funprm ${invocation.command} --help.` : "Correct the file."}`,
  );
}

/**
 * Defaults with these values over them; no file is read. Errors: FunprmError `usage` that names the value which does not
 * fit.
 */
export function optionsFrom(values: Readonly<Record<string, unknown>>): Options {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const parsed = optionsSchema.safeParse(withRange(given));
  if (parsed.success) return completed(parsed.data);
  const [issue] = parsed.error.issues;
  const key = String(issue?.path[0]);
  const expected = issue === undefined ? "another value" : expectedOf(issue);
  throw new FunprmError("usage", `${key}: expected ${expected}, got ${JSON.stringify(given[key])}`);
}

/** What follows from other options. */
function completed(data: z.infer<typeof optionsSchema>): Options {
  const { prm, select = prm === undefined ? "auto" : "auto+prm", leastSamples = data.samples } = data;
  return { ...data, select, leastSamples };
}

/** `samples` as a range, `4..32`, is two options: the least and the most. */
function withRange(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { samples, leastSamples: _, ...others } = values;
  if (typeof samples !== "string" || !samples.includes("..")) return { ...others, samples };
  const [, least, most] = /^(\d{1,6})\.\.(\d{1,6})$/.exec(samples) ?? [];
  if (least !== undefined && most !== undefined && 0 < Number(least) && Number(least) <= Number(most))
    return { ...others, samples: most, leastSamples: least };
  throw new FunprmError(
    "usage",
    `-n: expected a number such as 8, or a range from the smaller to the greater one such as 4..32, got "${samples}"`,
  );
}
