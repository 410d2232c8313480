// A trivial test of every form, and how it is run as often as can be.
export const FORMS = {
  "stdin program": { kind: "script", code: "print(int(input()) * 2)", prelude: "", stdin: "21\n" },
  "one call": {
    kind: "calls",
    code: "def f(x): return 2 * x",
    prelude: "",
    entryPoint: "f",
    argumentsJson: "[[21]]",
  },
  "check(candidate), two processes": {
    kind: "check",
    code: "def f(x): return 2 * x",
    prelude: "",
    entryPoint: "f",
    test: "def check(candidate):\n    assert candidate(21) == 42",
  },
  unittest: {
    kind: "unittest",
    code: "def f(x): return 2 * x",
    prelude: "",
    word: "word",
    test: "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(f(21), 42)",
  },
};

/** Runs a job over and over for some seconds in so many lanes; what they do together. */
export async function runInLanes(sandbox, job, lanes, seconds) {
  const began = performance.now();
  const end = began + seconds * 1000;
  let done = 0;
  let cpuMs = 0;
  const lane = async () => {
    while (performance.now() < end) {
      const result = await sandbox.run(job);
      if (result.status !== "exited" || result.exitCode !== 0) throw new Error(JSON.stringify(result));
      done += 1;
      cpuMs += result.cpuMs;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { done, cpuMs, seconds: (performance.now() - began) / 1000 };
}
