import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { spawn, type ChildProcess } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Candidate } from "../../src/core/candidate.ts";
import type { HiddenTests, Problem, TestCase } from "../../src/core/problem.ts";
import { gradeCandidates } from "../../src/grade/grader.ts";
import type { Graded } from "../../src/grade/verdict.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Attack } from "./attacks/attack.ts";
import { ANSWER_ATTACKS } from "./attacks/answers.ts";
import { ASKING_ATTACKS } from "./attacks/asking.ts";
import { FORGING_ATTACKS } from "./attacks/forging.ts";
import { FRAME_ATTACKS } from "./attacks/frames.ts";
import { HOST_ATTACKS } from "./attacks/host.ts";
import { INSIDE_ATTACKS } from "./attacks/inside.ts";
import { MACHINERY_ATTACKS } from "./attacks/machinery.ts";
import { NATIVE_ATTACKS } from "./attacks/native.ts";
import { OUTSIDE_ATTACKS } from "./attacks/outside.ts";
import { PLANTED_ATTACKS } from "./attacks/planted.ts";
import { RESOURCE_ATTACKS } from "./attacks/resources.ts";
import { TRACE_ATTACKS } from "./attacks/traces.ts";
import { PROBE } from "./attacks/probe.ts";
import { LIMITS, script } from "./programs.ts";

const ATTACKS = [
  ...RESOURCE_ATTACKS,
  ...HOST_ATTACKS,
  ...FORGING_ATTACKS,
  ...FRAME_ATTACKS,
  ...MACHINERY_ATTACKS,
  ...ANSWER_ATTACKS,
  ...PLANTED_ATTACKS,
  ...TRACE_ATTACKS,
  ...INSIDE_ATTACKS,
  ...ASKING_ATTACKS,
  ...OUTSIDE_ATTACKS,
  ...NATIVE_ATTACKS,
];
const SECRET = "a-word-that-only-the-host-knows";

/** Twelve digits that no program contains. */
const INPUT = randomInt(2e11, 4.9e11);
const EXPECTED = 2 * INPUT;

const TESTS: Readonly<Record<Exclude<Attack["form"], "evalplus">, TestCase>> = {
  stdio: { type: "stdio", input: `${INPUT}\n`, output: `${EXPECTED}\n` },
  call: { type: "call", args: [INPUT], expected: EXPECTED },
  check: {
    type: "check",
    source: `def check(candidate):\n    import colorsys, decimal, json, sys\n    print(${EXPECTED}, file=sys.stderr)\n    assert candidate(${INPUT}) == ${EXPECTED}`,
    entryPoint: "f",
  },
  unittest: {
    type: "unittest",
    source: `import json, unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(f(${INPUT}), ${EXPECTED})\n`,
  },
};

const EVALPLUS: HiddenTests = {
  form: "evalplus",
  baseInput: `[[${INPUT}]]`,
  plusInput: "[]",
  reference: "def f(x): return x + x",
  atol: 0,
};

const HONEST: Readonly<Record<Attack["form"], string>> = {
  stdio: "print(int(input()) * 2)",
  call: "def f(x): return 2 * x",
  evalplus: "def f(x): return 2 * x",
  check: "def f(x): return 2 * x",
  unittest: "def f(x): return 2 * x",
};

let sandbox: Sandbox;
let folder: string;
let victim: ChildProcess;
let server: Server;
let connections = 0;
let atRest: number;

beforeAll(async () => {
  process.env["FUNPRM_TEST_SECRET"] = SECRET;
  folder = await mkdtemp(join(tmpdir(), "funprm-attacks-"));
  await writeFile(join(folder, "secret.txt"), SECRET);
  victim = spawn("sleep", ["1000"], { stdio: "ignore" });
  server = createServer(() => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // One worker, so that the honest program meets whatever the attack left behind.
  sandbox = await openSandbox({ jobs: 1 });
  atRest = (await descendants()).length;
});

afterAll(async () => {
  await sandbox.close();
  victim.kill("SIGKILL");
  server.close();
  await rm(folder, { recursive: true });
});

test("there are at least 480 of them, all different", () => {
  expect(ATTACKS.length).toBeGreaterThanOrEqual(480);
  expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
});

test.each(ATTACKS)("$form: $name", async ({ form, code, test: body }) => {
  const program = code
    .replaceAll("HOST_FILE", join(folder, "secret.txt"))
    .replaceAll("HOST_FOLDER", folder)
    .replaceAll("HOST_PORT", String(portOf(server)))
    .replaceAll("HOST_PID", String(victim.pid))
    .replaceAll("HOST_PREFIX", String(EXPECTED).slice(0, 4))
    .replaceAll("HOST_ANSWER", String(EXPECTED));
  const seen = await look();
  // The one before, because what it left behind must be of no use.
  const graded = await grade(form, [HONEST[form], program, `${HONEST[form]}\n`], body);
  const attack = graded[1];
  // The test of an attack may ask for something else than the double of a number.
  const honest = body === undefined ? graded[2] : (await grade(form, [HONEST[form]]))[0];

  expect(attack?.verdict).not.toBe("pass");
  expect(attack?.verdict).not.toBe("infra_error");
  expect(honest?.verdict).toBe("pass");
  expect(JSON.stringify(graded.map(({ failedTest }) => failedTest))).not.toContain(SECRET);
  expect(await readFile(join(folder, "secret.txt"), "utf8")).toBe(SECRET);
  expect(await readdir(folder)).toEqual(["secret.txt"]);
  expect(victim.exitCode).toBeNull();
  expect(victim.signalCode).toBeNull();
  expect(connections).toBe(0);
  expect(await settledDescendants()).toBe(atRest);
  expect(await look()).toEqual(seen);
});

/** What a program sees that somebody else may have left. */
async function look(): Promise<unknown> {
  const { stdout, stderr } = await sandbox.run(script(PROBE));
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

/** A test of its own for attacks that need one. */
function testOf(form: Exclude<Attack["form"], "evalplus">, body: string | undefined): TestCase {
  if (body === undefined) return TESTS[form];
  const lines = body.replaceAll(/\bX\b/g, String(INPUT)).replaceAll(/\bE\b/g, `(${EXPECTED})`).split("\n");
  const indented = (depth: number) => lines.map((line) => " ".repeat(depth) + line).join("\n");
  return form === "check"
    ? { type: "check", source: `def check(candidate):\n${indented(4)}`, entryPoint: "f" }
    : {
        type: "unittest",
        source: `import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n${indented(8)}\n`,
      };
}

async function grade(form: Attack["form"], codes: readonly string[], body?: string): Promise<Graded[]> {
  const problem: Problem = {
    id: "double",
    statement: "",
    kind: form === "stdio" ? "stdin" : "function",
    starterCode: "",
    entryPoint: "f",
    exampleTests: [],
    hiddenTests: form === "evalplus" ? EVALPLUS : { form: "list", tests: [testOf(form, body)] },
    meta: {},
  };
  const fixed = { problemId: "double", warnings: [], extra: {} };
  const candidates: Candidate[] = codes.map((code, sampleIndex) => ({ ...fixed, sampleIndex, code }));
  // Some attacks wait; the wall limit is what ends them.
  const limits = { ...LIMITS, wallMs: 2_500 };
  const options = {
    limits,
    timeoutMs: limits.cpuMs,
    memoryBytes: limits.memoryBytes,
    confirmTimeouts: false,
  };
  const graded: Graded[] = [];
  for await (const each of gradeCandidates(candidates, () => Promise.resolve(problem), sandbox, options)) {
    graded.push(each);
  }
  return graded;
}

function portOf(listening: Server): number {
  const address = listening.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** Processes of this machine that this test started, directly or not. */
async function descendants(): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = await readFile(`/proc/${name}/stat`, "utf8");
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
    } catch {
      // Gone between the two reads.
    }
  }
  const isOurs = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent === process.pid || (parent !== undefined && parent > 1 && isOurs(parent));
  };
  return [...parents.keys()].filter(isOurs);
}

/** The count once replaced workers are gone. */
async function settledDescendants(): Promise<number> {
  let count = (await descendants()).length;
  for (let tries = 0; count !== atRest && tries < 100; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    count = (await descendants()).length;
  }
  return count;
}
