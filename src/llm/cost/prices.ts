import { readFileSync } from "node:fs";
import { z } from "zod";
import { expectedOf, pathOf, valueAt } from "../../core/expected.ts";
import { FunprmError } from "../../core/errors.ts";
import { readSmallFile } from "../../files/small-file.ts";
import { describe } from "../../formats/text/json-text.ts";
import type { Usage } from "../llm.ts";

const price = z.number().nonnegative();
const modelPriceSchema = z.strictObject({
  input: price,
  /** Tokens that the server had in its cache; absent: they cost as much as the others. */
  cachedInput: price.optional(),
  /** Reasoning tokens cost the same. */
  output: price,
});
const priceTableSchema = z.strictObject({
  format: z.literal("funprm-prices/1"),
  asOf: z.string(),
  unit: z.literal("USD per million tokens"),
  models: z.record(z.string(), modelPriceSchema),
});

/** US dollars per million tokens. */
export type ModelPrice = z.infer<typeof modelPriceSchema>;

export interface PriceTable {
  /** Day of the list prices, ISO 8601. */
  readonly asOf: string;
  readonly models: Readonly<Record<string, ModelPrice>>;
}

/**
 * The table that comes with funprm (prices.json), with the user's file of the same form over it: its models replace
 * ours. Errors: FunprmError `input` when the user's file cannot be read or has another form.
 */
export function loadPrices(userFile?: string): PriceTable {
  const ours = priceTableSchema.parse(
    JSON.parse(readFileSync(new URL("prices.json", import.meta.url), "utf8")),
  );
  if (userFile === undefined) return ours;
  const theirs = readUserFile(userFile);
  return { asOf: theirs.asOf, models: { ...ours.models, ...theirs.models } };
}

function readUserFile(file: string): PriceTable {
  const expected = `expected {"format": "funprm-prices/1", "asOf": "2025-10-01", "unit": "USD per million tokens", "models": {"my-model": {"input": 1, "cachedInput": 0.1, "output": 4}}}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(
      readSmallFile(file)
        .toString("utf8")
        .replace(/^\uFEFF/, ""),
    );
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FunprmError("input", `cannot read the price table ${file}: ${why}; ${expected}`, { cause });
  }
  const result = priceTableSchema.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const got =
    issue === undefined
      ? ""
      : `: expected ${expectedOf(issue)}${issue.path.length === 0 ? "" : ` at "${pathOf(issue)}"`}, got ${describe(valueAt(parsed, issue.path))}`;
  throw new FunprmError("input", `${file} is no price table${got}; ${expected}`, { cause: result.error });
}

/**
 * The price of a model by its name, without a provider's prefix (`openai/gpt-4o`) and without a snapshot's date
 * (`gpt-4o-2024-08-06`) where the full name is not listed. undefined: not in the table.
 */
export function priceOf(model: string, table: PriceTable): ModelPrice | undefined {
  const name = model.slice(model.lastIndexOf("/") + 1);
  for (const candidate of [model, name, name.replace(/-\d{4}-?\d{2}-?\d{2}$/, "")]) {
    if (Object.hasOwn(table.models, candidate)) return table.models[candidate];
  }
  return undefined;
}

/** US dollars. */
export function costOf(
  usage: Pick<Usage, "promptTokens" | "cachedPromptTokens" | "completionTokens">,
  price: ModelPrice,
): number {
  const cached = Math.min(usage.cachedPromptTokens, usage.promptTokens);
  const perMillion =
    (usage.promptTokens - cached) * price.input +
    cached * (price.cachedInput ?? price.input) +
    usage.completionTokens * price.output;
  return perMillion / 1e6;
}
