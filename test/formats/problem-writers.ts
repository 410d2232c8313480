/** Problems in the forms that funprm reads, for what is read to be compared with what was written. */
import type { Problem, TestCase } from "../../src/core/problem.ts";
import { elementTexts } from "../../src/formats/text/json-text.ts";

/** The problem as a Markdown text that `parseMarkdown` reads back. */
export function writeMarkdown(problem: Problem): string {
  const heading =
    problem.title === undefined || /^#{1,6}[ \t]/m.test(problem.statement) ? "" : `# ${problem.title}\n\n`;
  if (problem.starterCode === "") return `${heading}${problem.statement}\n`;
  const longest = Math.max(2, ...[...problem.starterCode.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  const code = problem.starterCode.endsWith("\n") ? problem.starterCode : `${problem.starterCode}\n`;
  return `${heading}${problem.statement}\n\n${fence}python\n${code}${fence}\n`;
}

/** The problem as one line that this form reads back. `hidden`: its decoded tests. */
export function plainLine(problem: Problem, hidden: readonly TestCase[] = listed(problem)): string {
  const head = JSON.stringify({
    id: problem.id,
    title: problem.title,
    statement: problem.statement,
    starter_code: problem.starterCode,
    entry_point: problem.entryPoint,
    preamble: problem.preamble,
    reference: problem.reference,
    suite: problem.meta["suite"],
    platform: problem.meta["platform"],
    difficulty: problem.meta["difficulty"],
    date: problem.meta["date"],
    split: problem.meta["split"],
  });
  const lists: string[] = [];
  if (problem.exampleTests.length > 0)
    lists.push(`,"examples":[${problem.exampleTests.map(testJson).join(",")}]`);
  if (hidden.length > 0) lists.push(`,"tests":[${hidden.map(testJson).join(",")}]`);
  return `${head.slice(0, -1)}${lists.join("")}}`;
}

function listed(problem: Problem): readonly TestCase[] {
  return problem.hiddenTests?.form === "list" ? problem.hiddenTests.tests : [];
}

/** The problem as a line of a BigCodeBench file. */
export function bigcodebenchLine(problem: Problem): string {
  const hidden = problem.hiddenTests?.form === "list" ? problem.hiddenTests.tests[0] : undefined;
  const reference = problem.reference ?? "";
  return JSON.stringify({
    task_id: problem.id,
    complete_prompt: problem.starterCode,
    code_prompt: problem.preamble?.replace(/ {4}pass\n$/, ""),
    entry_point: problem.entryPoint ?? "",
    canonical_solution: reference.startsWith(problem.starterCode)
      ? reference.slice(problem.starterCode.length)
      : reference,
    test: hidden?.type === "unittest" ? hidden.source : "",
    libs: problem.meta["libs"],
  });
}

/** The problem as a line of an EvalPlus file. */
export function evalplusLine(problem: Problem): string {
  const hidden = problem.hiddenTests?.form === "evalplus" ? problem.hiddenTests : undefined;
  const reference = problem.reference ?? "";
  const head = JSON.stringify({
    task_id: problem.id,
    prompt: problem.starterCode,
    entry_point: problem.entryPoint ?? "",
    canonical_solution: reference.startsWith(problem.starterCode)
      ? reference.slice(problem.starterCode.length)
      : reference,
    atol: hidden?.atol ?? 0,
  });
  const inputs =
    hidden === undefined ? "" : `,"base_input":${hidden.baseInput},"plus_input":${hidden.plusInput}`;
  return `${head.slice(0, -1)}${inputs}}`;
}

/** The problem as a line of a LiveCodeBench release file, private tests as plain JSON. */
export function livecodebenchLine(problem: Problem, hidden: readonly TestCase[] = []): string {
  const functionName = problem.entryPoint?.replace(/^.*\./, "");
  return JSON.stringify({
    question_title: problem.title ?? "",
    question_content: problem.statement,
    platform: problem.meta["platform"] ?? "",
    question_id: problem.id,
    contest_id: problem.meta["contest"] ?? "",
    contest_date: problem.meta["date"] ?? "",
    starter_code: problem.starterCode,
    difficulty: problem.meta["difficulty"] ?? "",
    public_test_cases: testsText(problem.exampleTests),
    private_test_cases:
      problem.hiddenTests?.form === "livecodebench" ? problem.hiddenTests.data : testsText(hidden),
    metadata: JSON.stringify(problem.kind === "stdin" ? {} : { func_name: functionName }),
  });
}

function testsText(tests: readonly TestCase[]): string {
  const records = tests.flatMap((test) => {
    if (test.type === "stdio") return [{ input: test.input, output: test.output, testtype: "stdin" }];
    if (test.type !== "call") return [];
    const args =
      test.argsJson === undefined
        ? test.args.map((value) => JSON.stringify(value))
        : elementTexts(test.argsJson);
    const output = test.expectedJson ?? JSON.stringify(test.expected);
    return [{ input: args.join("\n"), output, testtype: "functional" }];
  });
  return JSON.stringify(records);
}

/** The test in the form that `parseTests` reads. */
function testJson(test: TestCase): string {
  switch (test.type) {
    case "stdio":
      return JSON.stringify({ input: test.input, output: test.output });
    case "call":
      return `{"args":${test.argsJson ?? JSON.stringify(test.args)},"expected":${test.expectedJson ?? JSON.stringify(test.expected ?? null)}}`;
    case "check":
      return JSON.stringify({ check: test.source, entry_point: test.entryPoint });
    case "unittest":
      return JSON.stringify({ unittest: test.source, test_classes: test.testClasses, method: test.method });
  }
}
