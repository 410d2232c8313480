// A pool whose verdicts are known by how it is made: four problems, one of each kind of test, and programs that are
// right, wrong, or raise, with enough work in each that a fault finds them running.
const WORK = "sum(i * i for i in range(60000))";

const STATEMENT = (what) =>
  `${what}\n\nInput\n\nThe first line holds n (1 <= n <= 1000).\n\nOutput\n\nOne number.\n\n` +
  "Example 1\n\nInput:\n```\n4\n```\nOutput:\n```\n8\n```\n";

export const PROBLEMS = [
  {
    id: "hardening/stdin",
    statement: STATEMENT("Given n, print its double."),
    examples: [{ input: "4\n", output: "8\n" }],
    tests: [1, 2, 21].map((n) => ({ input: `${n}\n`, output: `${2 * n}\n` })),
  },
  {
    id: "hardening/call",
    statement: "Return the sum of the numbers.\n\n    >>> total([1, 2])\n    3\n",
    entry_point: "total",
    starter_code: "def total(numbers):\n",
    tests: [[1, 2, 3], [], [5]].map((list) => ({
      args: [list],
      expected: list.reduce((sum, n) => sum + n, 0),
    })),
  },
  {
    id: "hardening/check",
    statement: "Return the word reversed.",
    entry_point: "turned",
    starter_code: "def turned(word):\n",
    tests: [
      {
        check:
          "def check(candidate):\n    assert candidate('ab') == 'ba'\n    assert candidate('') == ''\n    assert candidate('xyz') == 'zyx'\n",
      },
    ],
  },
  {
    id: "hardening/unittest",
    statement: "Return whether n is even.",
    entry_point: "even",
    starter_code: "def even(n):\n",
    tests: [
      {
        unittest:
          "import unittest\nclass T(unittest.TestCase):\n    def test_two(self):\n        self.assertTrue(even(2))\n    def test_three(self):\n        self.assertFalse(even(3))\n",
      },
    ],
  },
];

const KINDS = {
  "hardening/stdin": ["print(2 * n)", "print(2 * n + (n > 20))", "raise KeyError(n)"],
  "hardening/call": ["return helper(numbers)", "return helper(numbers[:2])", "raise KeyError(numbers)"],
  "hardening/check": ["return helper(word)", "return word", "raise KeyError(word)"],
  "hardening/unittest": ["return helper(n) == 0", "return True", "raise KeyError(n)"],
};
const HELPERS = {
  "hardening/call": "def helper(numbers):\n    return sum(numbers)\n\n\n",
  "hardening/check": "def helper(word):\n    return word[::-1]\n\n\n",
  "hardening/unittest": "def helper(n):\n    return n % 2\n\n\n",
};
const HEADS = { "hardening/call": "numbers", "hardening/check": "word", "hardening/unittest": "n" };

function program({ id, entry_point: entry }, at) {
  const body = KINDS[id][at % 3];
  if (entry === undefined) return `n = int(input())  # ${at}\n${WORK}\n${body}\n`;
  return `${HELPERS[id]}def ${entry}(${HEADS[id]}):  # ${at}\n    ${WORK}\n    ${body}\n`;
}

/** `count` programs of each problem, all different. */
export function candidates(count) {
  return PROBLEMS.flatMap((problem) =>
    Array.from({ length: count }, (_, at) => ({
      problem_id: problem.id,
      sample_index: at,
      code: program(problem, at),
    })),
  );
}

/** The verdict that a candidate must get. */
export function verdictOf({ sample_index: at }) {
  return ["pass", "wrong_answer", "runtime_error"][at % 3];
}

export const jsonLines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
