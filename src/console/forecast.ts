import { type DataWriter, withOutput } from "./output.ts";

/** What a command would do and cost; its fields are those of `PHRASES`, and parts of the same form. */
export type Forecast = Readonly<Record<string, unknown>>;

type Phrase = (value: unknown) => string | undefined;

const count =
  (one: string, many = `${one}s`): Phrase =>
  (value) =>
    typeof value === "number" ? `${value.toLocaleString("en-US")} ${value === 1 ? one : many}` : undefined;

/** In the order in which they are told. undefined: nothing to say. */
const PHRASES: Readonly<Record<string, Phrase>> = {
  model: (value) => (typeof value === "string" ? `model ${value}` : undefined),
  problems: count("problem"),
  candidates: count("candidate"),
  different_programs: count("different program"),
  without_verdict: count("candidate without a verdict", "candidates without a verdict"),
  programs: count("program"),
  prefixes: count("prefix", "prefixes"),
  rollouts: count("completion to judge at most", "completions to judge at most"),
  samples: count("sample to ask for", "samples to ask for"),
  samples_already_stored: (value) =>
    value === 0 ? undefined : count("sample stored already", "samples stored already")(value),
  requests_at_most: count("request at most", "requests at most"),
  prompt_tokens_at_most: count("token of prompts at most", "tokens of prompts at most"),
  completion_tokens_at_most: (value) =>
    value === null
      ? "replies of any length"
      : count("token of replies at most", "tokens of replies at most")(value),
  usd_for_prompts: (value) => (typeof value === "number" ? `${dollars(value)} for the prompts` : undefined),
  usd_at_most: (value) =>
    typeof value === "number"
      ? `${dollars(value)} at most`
      : "cost not known, because the model has no price (give --prices)",
  prices_as_of: (value) => (typeof value === "string" ? `prices of ${value}` : undefined),
};

/**
 * The forecast for people, a fact a line; parts of it are indented below their name.
 * @internal for tests
 */
export function forecastLines(forecast: Forecast): string[] {
  const lines = Object.entries(PHRASES).flatMap(([name, phrase]) =>
    Object.hasOwn(forecast, name) ? (phrase(forecast[name]) ?? []) : [],
  );
  const parts = Object.entries(forecast).flatMap(([name, value]) => {
    if (Object.hasOwn(PHRASES, name)) return [];
    if (isForecast(value)) return [`${name}:`, ...forecastLines(value).map((line) => `  ${line}`)];
    return [`${name}: ${String(value)}`];
  });
  return [...lines, ...parts];
}

/** The same on one line, for a note. */
export function forecastNote(forecast: Forecast): string {
  return forecastLines(forecast)
    .map((line) => line.trim())
    .join(", ")
    .replaceAll(":, ", ": ");
}

/** Prints a forecast as data where scripts read it or `--json` asks for it, as text to people at a terminal. */
export async function printForecast(
  forecast: Forecast,
  { out, json }: { readonly out?: string | undefined; readonly json: boolean },
): Promise<void> {
  const isRead = out === undefined && process.stdout.isTTY && !json;
  const text = isRead ? forecastLines(forecast).join("\n") : JSON.stringify(forecast);
  await withOutput(out, (output: DataWriter) => output.write(`${text}\n`));
}

function isForecast(value: unknown): value is Forecast {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function dollars(value: number): string {
  return `$${value.toFixed(value !== 0 && value < 1 ? 4 : 2)}`;
}
