import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Problem, TestCase } from "../../../src/core/problem.ts";
import { parseProblem } from "../../../src/formats/problems.ts";
import { readRecords } from "../../../src/formats/text/json-records.ts";
import { exampleTestsOf } from "../../../src/statement/examples/extract-examples.ts";
import { largeModelInputs } from "../../../src/statement/model/large-model-inputs.ts";
import { modelInputs } from "../../../src/statement/model/model-inputs.ts";
import { readInputModel } from "../../../src/statement/model/read-input-model.ts";
import { readValue } from "../../../src/statement/model/read/value.ts";
import { argumentsValue } from "../../../src/statement/model/read/signature-form.ts";
import { satisfies } from "../../../src/statement/model/draw/satisfy.ts";
import type { InputModel } from "../../../src/statement/model/input-model.ts";
import type { ProbeInput } from "../../../src/statement/inputs/probe-inputs.ts";
import { problemOf } from "../problem-of.ts";

const EXAMPLES = new URL("../../../examples/", import.meta.url);

async function exampleProblem(name: string): Promise<Problem> {
  for await (const record of readRecords(new URL(`${name}/problem.json`, EXAMPLES).pathname))
    return { ...parseProblem(record, "keep"), exampleTests: [] };
  throw new Error(`no problem in ${name}`);
}

const names = readdirSync(EXAMPLES, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

function modelOf(problem: Problem): InputModel {
  return readInputModel(
    problem,
    exampleTestsOf(problem).map(({ test: example }) => example),
  );
}

function isAllowed(model: InputModel, input: ProbeInput): boolean {
  const { form } = model;
  if (form === undefined) return false;
  const value = input.type === "stdio" ? readValue(form, input.input) : argumentsValue(form, input.args);
  return value !== undefined && satisfies(model, value);
}

describe.each(names)("the example %s", (name) => {
  test("is understood whole", async () => {
    expect(modelOf(await exampleProblem(name)).notUnderstood).toEqual([]);
  });

  test("its inputs are read back and satisfy the model, also the large ones", async () => {
    const model = modelOf(await exampleProblem(name));
    const inputs = modelInputs(model, { count: 40 });
    expect(inputs).toHaveLength(40);
    const all = [...inputs, ...largeModelInputs(model)];
    expect(all.filter(({ input }) => !isAllowed(model, input))).toEqual([]);
  });

  test("its hidden tests satisfy the model", async () => {
    const problem = await exampleProblem(name);
    const model = modelOf(problem);
    const tests = problem.hiddenTests?.form === "list" ? problem.hiddenTests.tests : [];
    const inputs = tests.flatMap((each): ProbeInput[] =>
      each.type === "stdio"
        ? [{ type: "stdio", input: each.input }]
        : each.type === "call"
          ? [{ type: "call", args: each.args }]
          : [],
    );
    expect(inputs.length).toBeGreaterThan(0);
    expect(inputs.filter((input) => !isAllowed(model, input))).toEqual([]);
  });
});

describe("inputs", () => {
  const stdin = (input: string): TestCase => ({ type: "stdio", input, output: "" });
  const single = problemOf(
    "stdin",
    "Input\n\nThe only line holds n (1 <= n <= 30).\n\nOutput\n\nA number.\n",
  );

  test("are everything where the space is small", () => {
    const inputs = modelInputs(readInputModel(single, [stdin("4\n")]));
    expect(inputs).toHaveLength(30);
    expect(new Set(inputs.map(({ why }) => why))).toEqual(new Set(["every input there is"]));
  });

  test("are the same for the same seed, others for another, each different", async () => {
    const model = modelOf(await exampleProblem("interval-merge"));
    const first = modelInputs(model, { count: 30, seed: 1 });
    expect(modelInputs(model, { count: 30, seed: 1 })).toEqual(first);
    expect(modelInputs(model, { count: 30, seed: 2 })).not.toEqual(first);
    expect(new Set(first.map(({ input }) => JSON.stringify(input))).size).toBe(30);
  });

  test("touch, nest and are empty among the first of interval-merge", async () => {
    const inputs = modelInputs(modelOf(await exampleProblem("interval-merge")), { count: 20 });
    const bookings = inputs.flatMap(({ input }) =>
      input.type === "stdio"
        ? [
            input.input
              .trim()
              .split("\n")
              .slice(1)
              .map((line) => line.split(" ").map(Number)),
          ]
        : [],
    );
    expect(bookings.some((rows) => rows.length === 0)).toBe(true);
    expect(bookings.some((rows) => rows.some(([s, e]) => s === e))).toBe(true);
    expect(
      bookings.some((rows) => rows.some(([, e]) => rows.some(([s, other]) => s === e && other !== e))),
    ).toBe(true);
  });

  test("come from the annotations alone where there is no example", () => {
    const problem = problemOf("function", "def f(words: list[str], k: int) -> int:\n    ...", {
      entryPoint: "f",
    });
    expect(modelInputs(readInputModel(problem, []), { count: 20 })).toHaveLength(20);
  });

  test("are none where the form was not understood", () => {
    expect(modelInputs(readInputModel(problemOf("stdin", "Say hello."), []))).toEqual([]);
  });
});

describe("what a statement allows and no memory holds", () => {
  const stdin = (format: string, constraints: string, input: string): Problem =>
    problemOf(
      "stdin",
      [
        "You are given a simple undirected graph with N vertices numbered 1 to N and M edges. The i-th edge connects vertex A_i and vertex B_i.",
        `Input\n\nThe input is given from Standard Input in the following format:\n${format}`,
        "Output\n\nPrint the answer.",
        `Constraints\n\n${constraints}\n\nSample Input 1\n\n${input}`,
      ].join("\n\n"),
      { exampleTests: [{ type: "stdio", input, output: "3\n" }] },
    );

  test("a simple graph of 10^9 nodes is drawn by its edges", () => {
    const model = modelOf(
      stdin(
        "N M\nA_1 B_1\nA_2 B_2\n\\vdots\nA_M B_M",
        "- 2 \\leq N \\leq 10^9\n- 1 \\leq M \\leq 2 \\times 10^5\n- 1 \\leq A_i < B_i \\leq N\n- The given graph is simple.",
        "5 2\n1 2\n2 5\n",
      ),
    );
    expect(model.rules.map(({ claim }) => claim.kind)).toContain("graph");
    const inputs = modelInputs(model, { count: 40 });
    expect(inputs.filter(({ input }) => !isAllowed(model, input))).toEqual([]);
    expect(
      inputs.some(({ input }) => input.type === "stdio" && Number(input.input.split(" ")[0]) > 1e8),
    ).toBe(true);
  });

  test("a word of 10^9 letters is not drawn", () => {
    const model = modelOf(
      stdin(
        "N\nS",
        "- 10^9 \\leq N \\leq 10^{10}\n- S is a string of length N consisting of lowercase English letters.",
        "3\nabc\n",
      ),
    );
    const long = { ...model, rules: [...model.rules, ...longer] };
    expect(model.form).toBeDefined();
    expect(modelInputs(long, { count: 4 })).toEqual([]);
  });
});

/** The example breaks the statement's own bound, which is dropped with it. */
const longer: InputModel["rules"] = [
  {
    claim: { kind: "chain", parts: [["1000000000"], ["N"], ["10000000000"]], signs: ["<=", "<="] },
    from: "constraint",
    sureness: "stated",
  },
];
