import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { PlannedTest } from "./planned-test.ts";
import { failure, judgeEnd, judgeException, shorten, type Judgement } from "./verdict.ts";

export interface UnittestTest {
  readonly source: string;
  readonly prelude: string;
  /** Absent: every TestCase class of the source. */
  readonly testClasses?: readonly string[];
  /** Name under which this run's verdict is reported apart. */
  readonly part?: string;
  /** Classes of the same source that come before these; some suites' tests use files that earlier ones wrote. */
  readonly earlier?: readonly string[];
}

const errorSchema = z.tuple([z.string(), z.string()]);
const messageSchema = z.union([
  z.strictObject({ tests: z.array(z.string()).min(1) }),
  z.strictObject({ id: z.string(), outcome: z.enum(["pass", "fail", "error", "none"]), message: z.string() }),
  z.strictObject({ done: z.int() }),
  z.strictObject({ load: errorSchema }),
  z.strictObject({ broken: errorSchema }),
  z.strictObject({ changed: z.string() }),
]);
type Message = z.infer<typeof messageSchema>;

/** Errors of a test's source that speak of the machine rather than of the program. */
const MISSING_LIBRARY = new Set(["ModuleNotFoundError", "ImportError"]);

/** unittest classes in the program's interpreter: a pass takes a signed message for every test, in order, and nothing else. */
export function unittestTest(test: UnittestTest): PlannedTest {
  const { source, prelude, testClasses, part, earlier = [] } = test;
  const run = (classes: readonly string[] | undefined): PlannedTest => ({
    count: 1,
    ...(part === undefined ? {} : { part }),
    job: (code, limits) => ({
      kind: "unittest",
      code,
      prelude,
      test: source,
      ...(classes === undefined ? {} : { testClasses: classes }),
      word: randomBytes(16).toString("hex"),
      limits,
    }),
    judge(result, job): Judgement {
      const ended = judgeEnd(result);
      if (ended !== undefined) return ended;
      const word = job.kind === "unittest" ? job.word : "";
      const messages = readMessages(result.report, word);
      if (messages === undefined)
        return failure("runtime_error", { message: "the program wrote into the report" });
      return judgeMessages(messages, testClasses);
    },
  });
  if (testClasses === undefined || earlier.length === 0) return run(testClasses);
  return { ...run(testClasses), inCompany: run([...earlier, ...testClasses]) };
}

/** The report's messages; undefined when a line is not signed or is none. */
function readMessages(report: string, word: string): Message[] | undefined {
  const messages: Message[] = [];
  for (const line of report.split("\n").filter((text) => text !== "")) {
    if (!line.startsWith(`${word} `)) return undefined;
    try {
      messages.push(messageSchema.parse(JSON.parse(line.slice(word.length + 1))));
    } catch {
      return undefined;
    }
  }
  return messages;
}

/** Failures count where they are in one of `classes` (all, where absent); the others ran for company. */
function judgeMessages(messages: readonly Message[], classes: readonly string[] | undefined): Judgement {
  let ids: readonly string[] | undefined;
  let next = 0;
  let failed: Judgement | undefined;
  for (const message of messages) {
    if ("load" in message) return judgeException(...message.load);
    if ("broken" in message) return judgeBroken(...message.broken);
    if ("changed" in message) {
      return failure("runtime_error", { message: `the program changed ${message.changed}` });
    }
    if ("tests" in message && ids === undefined) {
      ids = message.tests;
    } else if ("id" in message && ids?.[next] === message.id) {
      next += 1;
      const counts = classes === undefined || classes.includes(message.id.split(".")[0] ?? "");
      if (counts) failed ??= judgeOutcome(message);
    } else if ("done" in message && next === ids?.length && message.done === next) {
      return failed ?? { verdict: "pass" };
    } else {
      return failure("runtime_error", { message: "the program wrote into the report" });
    }
  }
  const name = ids?.[next];
  const during = name === undefined ? {} : { name };
  return failed ?? failure("runtime_error", { ...during, message: "the program ended its process" });
}

function judgeOutcome(message: Extract<Message, { id: string }>): Judgement | undefined {
  if (message.outcome === "pass") return undefined;
  const [type, text] = readError(message.message);
  const about = { name: message.id };
  if (message.outcome !== "fail") return judgeException(type, shorten(text), about);
  return failure("wrong_answer", { ...about, message: shorten(text) });
}

function readError(message: string): [string, string] {
  try {
    return errorSchema.parse(JSON.parse(message));
  } catch {
    return ["Error", message];
  }
}

function judgeBroken(type: string, message: string): Judgement {
  if (MISSING_LIBRARY.has(type)) {
    return failure("infra_error", { message: `the test cannot run here: ${type}: ${message}` });
  }
  return judgeException(type, message);
}
