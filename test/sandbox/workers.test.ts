import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, expect, test } from "vitest";
import { resolveInterpreter } from "../../src/sandbox/interpreter.ts";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { WorkerPool } from "../../src/sandbox/worker-pool.ts";
import { Worker } from "../../src/sandbox/worker.ts";
import { bubblewraps, kill, namedPool, type NamedPoolOptions, started } from "./named-pool.ts";
import { calls, check, LIMITS, script } from "./programs.ts";

const interpreter = await resolveInterpreter("python3");
let open: Sandbox | undefined;
afterEach(async () => open?.close());

function pool(name: string, options: NamedPoolOptions = {}): WorkerPool {
  const made = namedPool(interpreter, name, options);
  open = made;
  return made;
}

const SLOW = script("import time\ntime.sleep(1)\nprint('done')");

test("a job whose worker is killed runs again and gets its own result", async () => {
  const sandbox = pool("funprm-killed-once");
  const running = sandbox.run(SLOW);
  for (const pid of await started("funprm-killed-once")) kill(pid);
  expect(await running).toMatchObject({ status: "exited", stdout: "done\n" });
});

test("a worker that is killed before it lets its server go ends, and so does that server", async () => {
  const launch = {
    command: "bash",
    args: ["-c", 'sleep 1000 & echo "$!" >&3; kill -KILL "$$"'],
    env: { PATH: process.env["PATH"] ?? "" },
    files: [],
    isolated: true,
  };
  const worker = new Worker(launch);
  expect(await worker.ready).toMatchObject({ failure: expect.stringMatching(/ended \(SIGKILL\)/) });
  await worker.kill();
});

test("a run that ends at once ends with its signal, and the next one runs; another goes on to its end", async () => {
  const sandbox = pool("funprm-ends-at-once", { jobs: 2 });
  const sleeper = script("import time\ntime.sleep(10_000)", { limits: { ...LIMITS, wallMs: 1_000_000 } });
  // With both workers there, a job goes out before anything else happens.
  await Promise.all([sandbox.run(SLOW), sandbox.run(SLOW)]);
  const stop = new AbortController();
  const ended = sandbox.run(sleeper, { signal: stop.signal, endsAtOnce: true });
  const finished = sandbox.run(SLOW, { signal: stop.signal });
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await expect(ended).rejects.toMatchObject({ code: "interrupted" });
  expect(await sandbox.run(script("print(1)"))).toMatchObject({ stdout: "1\n" });
  expect(await finished).toMatchObject({ stdout: "done\n" });
});

test("the second run of a job has a look-out of its own", async () => {
  const sandbox = pool("funprm-look-out");
  await sandbox.run(script("print(1)"));
  const first = await bubblewraps("funprm-look-out");
  const seen: string[][] = [];
  const job = calls("import time\ndef f(x):\n    time.sleep(0.3)\n    return x", {
    argumentsJson: "[[1],[2],[3]]",
  });
  const result = await sandbox.run(job, {
    lookOut: () => {
      const mine: string[] = [];
      seen.push(mine);
      return (lines) => {
        mine.push(...lines);
        for (const pid of first.splice(0)) kill(pid);
        return false;
      };
    },
  });
  expect(result).toMatchObject({ status: "exited", report: "=1\n=2\n=3\n" });
  expect(seen.map((lines) => lines[0])).toEqual(["=1", "=1"]);
});

test("a job whose workers are all killed is infra, never a verdict, and the next one runs", async () => {
  const sandbox = pool("funprm-killed-always");
  const sleeper = script("import time\ntime.sleep(10_000)", { limits: { ...LIMITS, wallMs: 1_000_000 } });
  const killing = new AbortController();
  const killer = (async () => {
    while (!killing.signal.aborted) {
      for (const pid of await bubblewraps("funprm-killed-always")) kill(pid);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const result = await sandbox.run(sleeper);
  killing.abort();
  await killer;
  expect(result).toMatchObject({ status: "infra", cause: expect.stringContaining("SIGKILL") });
  expect(await sandbox.run(script("print(1)"))).toMatchObject({ status: "exited", stdout: "1\n" });
});

test("a worker that is killed while it starts has failed, and nothing else", async () => {
  const cut = "printf '{\\n    \"child-pid\": 12' >&3; exit 1";
  const worker = new Worker({ command: "bash", args: ["-c", cut], env: {}, files: [], isolated: true });
  expect(await worker.ready).toMatchObject({ failure: expect.stringContaining("exit code 1") });
  await worker.kill();
});

async function childrenOf(pids: readonly number[]): Promise<number[]> {
  const texts = pids.map((pid) => readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => ""));
  return (await Promise.all(texts)).flatMap((text) => [...text.matchAll(/\d+/g)].map(Number));
}

const SLOW_CHECK = check(
  "import time\ndef f(x):\n    time.sleep(1)\n    return x",
  "def check(f): assert f(1) == 1",
);

test.each([
  [
    "a program",
    script("import time\ntime.sleep(4)\nprint('done')"),
    1,
    { status: "exited", stdout: "done\n" },
  ],
  ["a tester or its program", SLOW_CHECK, 2, { status: "exited", report: expect.stringContaining("pass") }],
] as const)("%s that somebody kills is run again", async (_, job, count, expected) => {
  const name = `funprm-program-killed-${count}`;
  const sandbox = pool(name);
  await sandbox.run(script("print(1)"));
  for (let at = 0; at < count;) {
    const servers = await childrenOf(await bubblewraps(name));
    const over = new AbortController();
    const running = sandbox.run(job).finally(() => over.abort());
    let found: number[] = [];
    while (found.length < count && !over.signal.aborted) found = await childrenOf(servers);
    const victim = found[at];
    // On a machine that is busy enough the run is over before it is seen.
    if (victim !== undefined) {
      kill(victim);
      at += 1;
    }
    expect(await running).toMatchObject(expected);
  }
});

test("a program that kills itself has failed", async () => {
  const sandbox = pool("funprm-suicide");
  const result = await sandbox.run(script("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"));
  expect(result).toMatchObject({ status: "signal", signal: 9 });
  const inCheck = "import os\ndef f(x): os.kill(os.getpid(), 9)";
  expect(await sandbox.run(check(inCheck, "def check(f): assert f(1) == 1"))).toMatchObject({
    status: "exited",
    otherSignal: 9,
    report: expect.stringContaining("ended"),
  });
});

test("a limit of months is none", async () => {
  const sandbox = pool("funprm-months");
  const result = await sandbox.run(script("print(1)", { limits: { ...LIMITS, wallMs: 1e10 } }));
  expect(result).toMatchObject({ status: "exited", stdout: "1\n" });
});

test("a worker that hangs is replaced by the watchdog", async () => {
  const sandbox = pool("funprm-hung", { graceMs: 300 });
  await sandbox.run(script("print(1)"));
  for (const outer of await started("funprm-hung")) {
    const servers = await readFile(`/proc/${outer}/task/${outer}/children`, "utf8");
    for (const pid of servers.trim().split(" ")) process.kill(Number(pid), "SIGSTOP");
  }
  const before = await bubblewraps("funprm-hung");
  const result = await sandbox.run(script("print(2)", { limits: { ...LIMITS, wallMs: 1_000 } }));
  expect(await bubblewraps("funprm-hung")).not.toEqual(before);
  expect(result).toMatchObject({ status: "exited", stdout: "2\n" });
});

test("closing leaves no process behind", async () => {
  const sandbox = pool("funprm-closed", { jobs: 3 });
  const running = Promise.all([1, 2, 3, 4].map(() => sandbox.run(SLOW).catch((error: unknown) => error)));
  await started("funprm-closed");
  await sandbox.close();
  await running;
  expect(await bubblewraps("funprm-closed")).toEqual([]);
});

test("an interpreter that is none is refused with a remedy", async () => {
  await expect(resolveInterpreter("/no/such/python")).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("--python"),
  });
});

test("asking an interpreter about itself runs nothing of the working directory", async () => {
  const folder = await mkdtemp(join(tmpdir(), "funprm-cwd-"));
  const before = process.cwd();
  try {
    await writeFile(join(folder, "json.py"), "open('ran', 'w')\nfrom no_such_library import dumps\n");
    process.chdir(folder);
    expect(await resolveInterpreter("python3")).toMatchObject({ version: interpreter.version });
    expect(await readdir(folder)).toEqual(["json.py"]);
  } finally {
    process.chdir(before);
    await rm(folder, { recursive: true });
  }
});

test("a virtual environment brings its libraries and its base along, by whatever path it is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "funprm-venv-"));
  try {
    await promisify(execFile)("python3", ["-m", "venv", "--without-pip", join(folder, "venv")]);
    const python = `${folder}/other/../venv/bin/python`;
    await mkdir(join(folder, "other"));
    const library = await promisify(execFile)(python, [
      "-c",
      "import site; print(site.getsitepackages()[0])",
    ]);
    await writeFile(join(library.stdout.trim(), "only_here.py"), "WORD = 'found'\n");
    const sandbox = await openSandbox({ python, jobs: 1 });
    open = sandbox;
    const result = await sandbox.run(
      script("import only_here, sys\nprint(only_here.WORD, sys.prefix in sys.executable)"),
    );
    expect(result.stdout).toBe("found True\n");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a run that never came to its program is no verdict", async () => {
  const sandbox = pool("funprm-unconfined");
  const result = await sandbox.run(script("print(1)", { limits: { ...LIMITS, memoryBytes: 2 ** 70 } }));
  expect(result.status).toBe("infra");
});

test("the interpreter's own folders can be seen, and its libraries imported", async () => {
  const sandbox = pool("funprm-imports");
  const code =
    "import json, sqlite3, ssl, ctypes, multiprocessing, unittest.mock, asyncio, zoneinfo\nprint('all')";
  expect(await sandbox.run(script(code))).toMatchObject({ stdout: "all\n", stderr: "" });
});

test("the CPU time of processes that a program starts is the program's", async () => {
  const sandbox = pool("funprm-children");
  const burn =
    "import os, time\nif os.fork() == 0:\n    while time.process_time() < 0.7: pass\n    os._exit(0)\nos.wait()\nprint(1)";
  const wallMs = 50_000;
  expect(await sandbox.run(script(burn, { limits: { ...LIMITS, wallMs } }))).toMatchObject({
    status: "timeout_cpu",
  });
  const patient = { ...LIMITS, wallMs, cpuMs: 5_000 };
  expect(await sandbox.run(script(burn, { limits: patient }))).toMatchObject({
    status: "exited",
    stdout: "1\n",
  });
});
