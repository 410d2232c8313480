import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { FunprmError } from "../core/errors.ts";
import type { Problem, TestCase } from "../core/problem.ts";
import { elementTexts } from "./text/json-text.ts";
import { parseLiveCodeBenchTests } from "./suites/livecodebench.ts";
import { PickleError, unpickleString } from "./pickle.ts";

/** The tests of one problem, ready to run. */
export interface DecodedTests {
  /** Shown in the statement. */
  readonly examples: readonly TestCase[];
  readonly hidden: readonly TestCase[];
  /** EvalPlus: argument lists as JSON texts; the expected results come from running `reference`. */
  readonly inputs?: {
    readonly base: readonly string[];
    readonly plus: readonly string[];
    readonly reference: string;
    readonly atol: number;
  };
}

const MAX_INFLATED_BYTES = 500_000_000;

export interface DecodeOptions {
  /** Private tests that inflate to more bytes are refused. Default: 500 MB, about the longest text that V8 holds. */
  readonly maxInflatedBytes?: number;
}

/**
 * Decodes a problem's tests. LiveCodeBench's private tests are JSON, or base64 of zlib of a pickled JSON string, of
 * which only the string is read. Throws FunprmError("input") naming the problem.
 */
export async function decodeTests(problem: Problem, options: DecodeOptions = {}): Promise<DecodedTests> {
  const examples = problem.exampleTests;
  const tests = problem.hiddenTests;
  switch (tests?.form) {
    case undefined:
      return { examples, hidden: [] };
    case "list":
      return { examples, hidden: tests.tests };
    case "livecodebench": {
      const json = await privateJson(tests.data, problem.id, options.maxInflatedBytes ?? MAX_INFLATED_BYTES);
      const hidden = parseLiveCodeBenchTests(json, problem.kind !== "stdin", placeOf(problem.id));
      return { examples, hidden };
    }
    case "evalplus": {
      const base = elementTexts(tests.baseInput);
      const plus = elementTexts(tests.plusInput);
      return { examples, hidden: [], inputs: { base, plus, reference: tests.reference, atol: tests.atol } };
    }
  }
}

function placeOf(id: string): string {
  return `problem ${JSON.stringify(id)}: private tests`;
}

async function privateJson(data: string, id: string, maxBytes: number): Promise<string> {
  const trimmed = data.trim();
  if (trimmed === "" || trimmed.startsWith("[")) return trimmed === "" ? "[]" : data;
  const refuse = (got: string, todo: string, cause?: unknown): FunprmError =>
    new FunprmError(
      "input",
      `${placeOf(id)}: expected a JSON list, or base64 of zlib of a pickled JSON string, got ${got}. ${todo}`,
      { cause },
    );
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(trimmed.slice(0, 76))) {
    throw refuse(
      `text that is neither (${JSON.stringify(trimmed.slice(0, 40))})`,
      "Download the file again.",
    );
  }
  let inflated: Buffer;
  try {
    inflated = await promisify(inflate)(Buffer.from(trimmed, "base64"), { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof RangeError) {
      throw refuse(
        `one that inflates to more than ${maxBytes} bytes`,
        "Leave the problem out, or give its tests in another form.",
        error,
      );
    }
    throw refuse("base64 of damaged zlib data", "Download the file again.", error);
  }
  try {
    return unpickleString(inflated);
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw refuse(`something else: ${error.message}`, "It was not run; do not trust the file.", error);
  }
}
