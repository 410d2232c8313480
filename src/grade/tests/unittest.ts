import { randomBytes } from "node:crypto";
import type { Job, Limits, RunResult } from "../../sandbox/sandbox.ts";
import type { PlannedTest, Together } from "./planned-test.ts";
import { readError, readMessages, type Message } from "./unittest-report.ts";
import { failure, judgeBroken, judgeEnd, judgeException, shorten, type Judgement } from "../verdict.ts";

export interface UnittestTest {
  readonly source: string;
  readonly prelude: string;
  /** Absent: every TestCase class of the source. */
  readonly testClasses?: readonly string[];
  /** Name under which this run's verdict is reported apart. */
  readonly part?: string;
}

/** Errors of a test's source that speak of the machine rather than of the program. */
const MISSING_LIBRARY = new Set(["ModuleNotFoundError", "ImportError"]);

/** unittest classes in the program's interpreter: a pass takes a signed message for every test, in order, and nothing else. */
export function unittestTest(test: UnittestTest): PlannedTest {
  return {
    count: 1,
    ...(test.part === undefined ? {} : { part: test.part }),
    job: (code, limits) => unittestJob(test, code, limits),
    judge(result, job): Judgement {
      const ended = judgeEnd(result);
      if (ended !== undefined) return ended;
      const messages = messagesOf(result, job);
      if (messages === undefined) return wroteIntoReport();
      return judgeMessages(messages, result.begun);
    },
  };
}

/** All classes of one source in one run; undefined for tests that are not of that kind. */
export function unittestTogether(tests: readonly UnittestTest[]): Together | undefined {
  const [first] = tests;
  const same = tests.every(
    ({ source, testClasses, part }) => source === first?.source && testClasses && part,
  );
  if (first === undefined || tests.length < 2 || !same) return undefined;
  const testClasses = tests.flatMap((test) => test.testClasses ?? []);
  return {
    job: (code, limits) => unittestJob({ ...first, testClasses }, code, limits),
    passed(result, job) {
      const messages = messagesOf(result, job) ?? [];
      const passes = (testClass: string) => classPasses(messages, testClass);
      return new Set(tests.flatMap((test, at) => (test.testClasses?.every(passes) === true ? [at] : [])));
    },
  };
}

/** Every test of the class is reported once, as passed, and nothing was tampered with up to the end of the report. */
function classPasses(messages: readonly Message[], testClass: string): boolean {
  const belongs = (id: string) => id.startsWith(`${testClass}.`);
  const loaded = messages.flatMap((message) => ("tests" in message ? message.tests.filter(belongs) : []));
  const passed = messages.flatMap((message) =>
    "id" in message && message.outcome === "pass" && belongs(message.id) ? [message.id] : [],
  );
  const touched = messages.some((message) => "changed" in message || "tampered" in message);
  return !touched && loaded.length > 0 && passed.join(" ") === loaded.join(" ");
}

function unittestJob({ source, prelude, testClasses }: UnittestTest, code: string, limits: Limits): Job {
  return {
    kind: "unittest",
    code,
    prelude,
    test: source,
    ...(testClasses === undefined ? {} : { testClasses }),
    word: randomBytes(16).toString("hex"),
    limits,
  };
}

function messagesOf(result: RunResult, job: Job): Message[] | undefined {
  return job.kind === "unittest" ? readMessages(result.report, job.word) : undefined;
}

function wroteIntoReport(): Judgement {
  return failure("tampered", { message: "the program wrote into the report" });
}

function judgeMessages(messages: readonly Message[], begun: boolean | undefined): Judgement {
  let ids: readonly string[] | undefined;
  let next = 0;
  let failed: Judgement | undefined;
  for (const message of messages) {
    if ("load" in message) return judgeException(...message.load);
    if ("broken" in message) return judgeBrokenTest(...message.broken, begun);
    if ("changed" in message) {
      return failure("tampered", { message: `the program changed ${message.changed}` });
    }
    if ("tampered" in message) {
      return failure("tampered", { message: `the program reached for ${message.tampered}` });
    }
    if ("tests" in message && ids === undefined) {
      ids = message.tests;
    } else if ("id" in message && ids?.[next] === message.id) {
      next += 1;
      failed ??= judgeOutcome(message);
    } else if ("done" in message && next === ids?.length && message.done === next) {
      return failed ?? { verdict: "pass" };
    } else {
      return wroteIntoReport();
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

/** A library that is missing: unless the program, which shares the test's interpreter, took it away. */
function judgeBrokenTest(type: string, message: string, begun: boolean | undefined): Judgement {
  if (begun === false) return judgeBroken(type, message);
  if (!MISSING_LIBRARY.has(type)) return judgeException(type, message);
  return { ...judgeBroken(type, message), suspect: true };
}
