import { FunprmError } from "../../core/errors.ts";
import type { SampleRequest, Usage } from "../llm.ts";
import { costOf, priceOf } from "./prices.ts";
import type { ModelPrice, PriceTable } from "./prices.ts";
import { mostPromptTokens } from "./tokens.ts";

/** Money set aside for a request under way. Exactly one of the three ends it; further calls do nothing. */
export interface Reservation {
  /** The request was answered: pay what it used. */
  settle(usage: Usage): void;
  /** The request was refused or never reached the server: pay nothing. */
  cancel(): void;
  /** The answer was lost on its way, the server may bill it: pay the most it can have cost. */
  forfeit(): void;
}

/**
 * A limit in US dollars that is never passed (`--max-cost`): a request's worst case is set aside before it starts
 * (prompt tokens at most its UTF-8 bytes, every choice as long as `maxTokens` allows), and what it really cost is
 * settled after. When the next request does not fit, those under way are awaited, since they settle lower.
 */
export class Budget {
  readonly limitUsd: number;
  readonly #prices: PriceTable;
  #spentUsd = 0;
  #reservedUsd = 0;
  #open = 0;
  #waiting: (() => void)[] = [];

  constructor(limitUsd: number, prices: PriceTable) {
    if (!(limitUsd >= 0) || !Number.isFinite(limitUsd)) {
      throw new FunprmError("usage", `--max-cost must be an amount in US dollars from 0, got ${limitUsd}`);
    }
    this.limitUsd = limitUsd;
    this.#prices = prices;
  }

  /** Settled and forfeited, in US dollars. */
  get spentUsd(): number {
    return this.#spentUsd;
  }

  /** Errors: FunprmError `usage` when a worst case cannot be told: unknown price, or no token limit. */
  worstCaseUsd(request: SampleRequest, choices: number): number {
    const price = this.#priceOf(request.model);
    if (request.params.maxTokens === undefined) {
      throw new FunprmError(
        "usage",
        "--max-cost needs --max-tokens: without a token limit no request has a worst case that could be set aside",
      );
    }
    return costOf(
      {
        promptTokens: mostPromptTokens(request.messages),
        cachedPromptTokens: 0,
        completionTokens: choices * request.params.maxTokens,
      },
      price,
    );
  }

  /** Whether the request would fit if nothing else were under way. */
  affords(request: SampleRequest, choices: number): boolean {
    return this.#spentUsd + this.worstCaseUsd(request, choices) <= this.limitUsd;
  }

  /** Errors: FunprmError `budget` when the request could pass the limit even after all others have settled. */
  async reserve(request: SampleRequest, choices: number): Promise<Reservation> {
    const worst = this.worstCaseUsd(request, choices);
    const price = this.#priceOf(request.model);
    while (this.#spentUsd + this.#reservedUsd + worst > this.limitUsd) {
      if (this.#reservedUsd === 0) {
        throw new FunprmError(
          "budget",
          `the next request could cost ${usd(worst)}, and ${usd(this.#spentUsd)} of ${usd(this.limitUsd)} are spent: stopped before --max-cost is passed; everything sampled is kept, run again with a higher --max-cost or a lower --max-tokens`,
        );
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#reservedUsd += worst;
    return this.#reservation(worst, price);
  }

  #reservation(worst: number, price: ModelPrice): Reservation {
    let open = true;
    const end = (paid: number): void => {
      if (!open) return;
      open = false;
      this.#open -= 1;
      this.#spentUsd += paid;
      // Sums of floats do not return to 0 by themselves.
      this.#reservedUsd = this.#open === 0 ? 0 : this.#reservedUsd - worst;
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const wake of waiting) wake();
    };
    this.#open += 1;
    return {
      settle: (usage) => end(costOf(usage, price)),
      cancel: () => end(0),
      forfeit: () => end(worst),
    };
  }

  #priceOf(model: string): ModelPrice {
    const price = priceOf(model, this.#prices);
    if (price !== undefined) return price;
    throw new FunprmError(
      "usage",
      `--max-cost needs the price of ${model}, which is not in the price table of ${this.#prices.asOf}; give it with --prices FILE: {"format": "funprm-prices/1", "asOf": "YYYY-MM-DD", "unit": "USD per million tokens", "models": {${JSON.stringify(model)}: {"input": 1, "output": 4}}}`,
    );
  }
}

function usd(amount: number): string {
  return `$${amount.toFixed(amount !== 0 && amount < 0.01 ? 6 : 2)}`;
}
