import { describe, expect, it } from "vitest";
import { forecastLines, forecastNote } from "../../src/console/forecast.ts";

const SAMPLES = {
  model: "gpt-4.1-mini",
  problems: 3,
  samples: 12,
  samples_already_stored: 0,
  requests_at_most: 12,
  prompt_tokens_at_most: 4800,
  completion_tokens_at_most: 98_304,
  usd_for_prompts: 0.00192,
  usd_at_most: 0.15921,
  prices_as_of: "2025-10-01",
};

describe("a forecast for people", () => {
  it("is a fact a line", () => {
    expect(forecastLines(SAMPLES)).toEqual([
      "model gpt-4.1-mini",
      "3 problems",
      "12 samples to ask for",
      "12 requests at most",
      "4,800 tokens of prompts at most",
      "98,304 tokens of replies at most",
      "$0.0019 for the prompts",
      "$0.1592 at most",
      "prices of 2025-10-01",
    ]);
  });

  it("says what is not known", () => {
    const unknown = { ...SAMPLES, usd_for_prompts: null, usd_at_most: null, completion_tokens_at_most: null };
    const text = forecastLines(unknown).join("\n");
    expect(text).toMatch(
      /replies of any length\ncost not known, because the model has no price \(give --prices\)/,
    );
    expect(text).not.toMatch(/null|undefined|NaN/);
  });

  it("has parts below their names, and one line as a note", () => {
    const pool = { problems: 1, candidates: 8, without_verdict: 1, samples: 0, usd_at_most: 0 };
    const forecast = { ...pool, judge: { model: "reader", samples: 1 } };
    expect(forecastLines(forecast)).toEqual([
      "1 problem",
      "8 candidates",
      "1 candidate without a verdict",
      "0 samples to ask for",
      "$0.00 at most",
      "judge:",
      "  model reader",
      "  1 sample to ask for",
    ]);
    expect(forecastNote({ ...pool, judge: "not known before sampling" })).toBe(
      "1 problem, 8 candidates, 1 candidate without a verdict, 0 samples to ask for, $0.00 at most, judge: not known before sampling",
    );
  });
});
