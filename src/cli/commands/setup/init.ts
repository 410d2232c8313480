import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { stringify } from "smol-toml";
import { withOutput } from "../../../console/output.ts";
import { createReporter, type Reporter } from "../../../console/reporter.ts";
import { FunprmError } from "../../../core/errors.ts";
import { apiKeyIn, OPENAI_BASE_URL, parseEndpoint } from "../../../http/endpoint.ts";
import { listModels } from "../../../llm/list-models.ts";
import type { Llm } from "../../../llm/llm.ts";
import { openAiLlm } from "../../../llm/openai-client.ts";
import { type ApiProbe, probeApi } from "../../../llm/probe.ts";
import { CONFIG_NAME, isAllowedInProject, ownConfigPath } from "../../../settings/config-file.ts";
import { type Options, readOptions } from "../../../settings/options.ts";
import type { Invocation } from "../../command.ts";

/** Where servers listen that people run on their own machine. */
const USUAL_PLACES: readonly (readonly [name: string, baseUrl: string])[] = [
  ["llama.cpp", "http://127.0.0.1:8080/v1"],
  ["vLLM", "http://127.0.0.1:8000/v1"],
  ["Ollama", "http://127.0.0.1:11434/v1"],
  ["LM Studio", "http://127.0.0.1:1234/v1"],
  ["SGLang", "http://127.0.0.1:30000/v1"],
];
const LOCAL_TIMEOUT_MS = 3000;
const PROBE_TIMEOUT_MS = 120_000;
const SHOWN_MODELS = 20;

interface Found {
  readonly baseUrl: string;
  readonly models: readonly string[];
}

export async function run(invocation: Invocation): Promise<number> {
  const options = readOptions(invocation);
  const report = createReporter(options.quiet);
  const found = await findApi(options, report);
  const model = modelOf(options, found);
  const settings = settingsOf(options, found, model);
  const path = options.out ?? placeOf(settings);
  if (path !== "-" && existsSync(path) && !options.replace)
    throw new FunprmError(
      "usage",
      `${path} is there already: --replace writes over it, --out - shows what would be written`,
    );
  report.note(`asking ${model} at ${parseEndpoint(found.baseUrl).url} a few short questions`);
  const probe = await probeOf(options, found, model, invocation.signal);
  for (const line of toldOf(probe)) report.note(line);
  if (path !== "-") await mkdir(dirname(path), { recursive: true });
  await withOutput(path, (output) => output.write(textOf(settings, probe)));
  if (path !== "-") report.note(`wrote ${path}; try: funprm solve problem.md`);
  return 0;
}

/** The API that was named, or else the first of the usual places where one answers, or else OpenAI's with its key. */
async function findApi(options: Options, report: Reporter): Promise<Found> {
  const apiKey = apiKeyIn(options.apiKeyEnv);
  if (options.baseUrl !== undefined)
    return { baseUrl: options.baseUrl, models: await listModels({ baseUrl: options.baseUrl, apiKey }) };
  const answers = await Promise.all(
    USUAL_PLACES.map(async ([name, baseUrl]) => {
      const models = await listModels({ baseUrl, timeoutMs: LOCAL_TIMEOUT_MS }).catch(() => []);
      return models.length === 0 ? [] : [{ name, baseUrl, models }];
    }),
  );
  const [first, ...others] = answers.flat();
  if (first !== undefined) {
    report.note(`found an API at ${first.baseUrl}, where ${first.name} usually listens`);
    for (const { baseUrl } of others) report.note(`and one at ${baseUrl}: --base-url names it`);
    return first;
  }
  if (apiKey !== undefined) return { baseUrl: OPENAI_BASE_URL, models: await listModels({ apiKey }) };
  const tried = USUAL_PLACES.map(([name, baseUrl]) => `${baseUrl} (${name})`).join(", ");
  throw new FunprmError(
    "usage",
    `no LLM API was found: ${options.apiKeyEnv} is not set, and nothing answers at ${tried}. Start a server, or name one with --base-url`,
  );
}

function modelOf({ model }: Options, { models }: Found): string {
  if (model !== undefined) {
    const missing = model.split(",").filter((name) => !models.includes(name.trim()));
    // Some servers answer any name, or list aliases only: what they say counts, not what they list.
    if (missing.length === 0 || models.length === 0) return model;
    throw new FunprmError(
      "usage",
      `--model ${missing.join(", ")}: expected a model of the API, ${listed(models)}`,
    );
  }
  const [only, ...more] = models;
  if (only !== undefined && more.length === 0) return only;
  const what =
    only === undefined ? "the API lists no model" : `the API has several models, ${listed(models)}`;
  throw new FunprmError("usage", `${what}: name one with --model`);
}

function listed(models: readonly string[]): string {
  const more = models.length - SHOWN_MODELS;
  return `one of ${models.slice(0, SHOWN_MODELS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

async function probeOf(
  options: Options,
  found: Found,
  model: string,
  signal: AbortSignal,
): Promise<ApiProbe> {
  const llm: Llm = await openAiLlm({
    baseUrl: found.baseUrl,
    apiKeyEnv: options.apiKeyEnv,
    timeoutMs: PROBE_TIMEOUT_MS,
    maxRetries: 1,
  });
  const [first = model] = model.split(",");
  try {
    return await probeApi(llm, first.trim(), signal);
  } finally {
    await llm.close();
  }
}

type Settings = Readonly<Record<string, string>>;

function settingsOf({ apiKeyEnv }: Options, { baseUrl }: Found, model: string): Settings {
  return {
    ...(baseUrl !== OPENAI_BASE_URL && { "base-url": baseUrl }),
    model,
    ...(apiKeyEnv !== "OPENAI_API_KEY" && { "api-key-env": apiKeyEnv }),
  };
}

/** The working directory's file, or the user's own where a project's may not say so. */
function placeOf(settings: Settings): string {
  const fits = Object.entries(settings).every(([key, value]) => isAllowedInProject(key, value));
  return fits ? CONFIG_NAME : ownConfigPath(process.env);
}

function toldOf(probe: ApiProbe): string[] {
  const { severalAtOnce, logprobs, countsTokens, thinks, continues, tokensPerSecond, warnings } = probe;
  return [
    `${tokensPerSecond.toFixed(0)} tokens a second; ${severalAtOnce ? "several samples to a request" : "one sample to a request"}`,
    `${logprobs ? "gives" : "gives no"} log-probabilities; ${countsTokens ? "counts its tokens" : "does not count its tokens, so that costs are estimates"}`,
    ...(thinks === "no"
      ? []
      : [`thinks before it answers${thinks === "within" ? ", within the reply" : ""}`]),
    continues.length === 0
      ? "goes on with no program that was begun: collect needs --policy pool, or another model"
      : `goes on with a program that was begun (${continues.join(", ")}), as collect asks for`,
    ...warnings,
  ];
}

function textOf(settings: Settings, probe: ApiProbe): string {
  const head = `Made by funprm init on ${new Date().toISOString().slice(0, 10)}. What was found:`;
  const comments = [
    head,
    ...toldOf(probe),
    "Flags win over what stands here; every option of funprm COMMAND --help may.",
  ];
  const lines = comments.map((line) => `# ${line.replaceAll(/\s+/g, " ")}`);
  return `${lines.join("\n")}\n${stringify(settings)}`;
}
