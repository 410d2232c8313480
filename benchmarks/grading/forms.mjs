// A trivial test of every form.
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
