import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Problem } from "../../../src/core/problem.ts";
import { gradeCandidates } from "../../../src/grade/grader.ts";
import { openSandbox } from "../../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { COMPARISONS } from "../../sandbox/attacks/answers.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 2 });
});
afterAll(async () => sandbox.close());

/** The verdict of a program by a unittest source. */
async function verdictOf(source: string, code: string): Promise<string> {
  const problem: Problem = {
    id: "p",
    statement: "",
    kind: "function",
    starterCode: "",
    entryPoint: "f",
    exampleTests: [],
    hiddenTests: { form: "list", tests: [{ type: "unittest", source }] },
    meta: {},
  };
  const candidate = { problemId: "p", sampleIndex: 0, code, warnings: [], extra: {} };
  for await (const { verdict, failedTest } of gradeCandidates([candidate], async () => problem, sandbox)) {
    return verdict === "pass" || failedTest?.message === undefined
      ? verdict
      : `${verdict}: ${failedTest.message}`;
  }
  return "none";
}

const testing = (body: string) =>
  `import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        ${body}\n`;
const EQUAL = testing("self.assertEqual(f(2), 4)");

/** What honest programs do with frames, tracebacks, code and signals without seeing their test. */
const HONEST: Readonly<Record<string, string>> = {
  "a mark that a library leaves on mock": `from unittest import mock
mock._marked_by_a_library = ("test.mock",)
def f(x): return 2 * x`,
  "its own host by name": `import socket, threading
def f(x):
    server = socket.create_server(("localhost", 0))
    got = []
    def serve():
        client, _ = server.accept()
        with client: got.append(int(client.recv(10)))
    thread = threading.Thread(target=serve)
    thread.start()
    with socket.create_connection((socket.gethostname(), server.getsockname()[1])) as client: client.send(b"%d" % x)
    thread.join()
    server.close()
    return 2 * got[0]`,
  "named tuples": `import collections, typing
def f(x):
    collections.namedtuple("P", "a b")
    class Q(typing.NamedTuple):
        a: int
    return typing.NamedTuple("R", [("a", int)])(2 * x).a`,
  "types and enumerations": `import dataclasses, enum, typing
def f(x):
    typing.TypeVar("T"); typing.NewType("N", int)
    @dataclasses.dataclass(order=True)
    class D:
        a: int = 0
    return enum.IntEnum("E", {"a": 2 * x}).a.value + D(0).a`,
  "a traceback as text": `import traceback, io
def f(x):
    try: 1 / 0
    except ZeroDivisionError as error:
        text = traceback.format_exc()
        traceback.print_exc(file=io.StringIO())
        traceback.format_exception(type(error), error, error.__traceback__)
        traceback.extract_tb(error.__traceback__)
    return 2 * x if "ZeroDivisionError" in text else 0`,
  logging: `import logging
logging.basicConfig(level=logging.INFO)
def f(x):
    logging.info("%d", x)
    try: 1 / 0
    except ZeroDivisionError: logging.exception("no")
    return 2 * x`,
  warnings: `import warnings
def f(x):
    warnings.warn("old", DeprecationWarning, stacklevel=2)
    return 2 * x`,
  "its own signature and source": `import inspect
def f(x): return 2 * x if list(inspect.signature(f).parameters) == ["x"] and f.__code__.co_argcount == 1 else 0`,
  "an alarm": `import signal
def f(x):
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.alarm(5)
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    return 2 * x`,
  "threads, processes and asyncio": `import asyncio, concurrent.futures, multiprocessing, os, threading
async def g(x): return await asyncio.sleep(0, 2 * x)
def f(x):
    with concurrent.futures.ThreadPoolExecutor(2) as pool: pool.submit(pow, 2, 2).result()
    with multiprocessing.Pool(1) as pool: assert pool.map(abs, [-1]) == [1]
    return asyncio.run(g(x))`,
  "compiled code, pickles and copies": `import copy, pickle
code = compile("2 * x", "<string>", "eval")
def f(x):
    pickle.loads(pickle.dumps(copy.deepcopy({"a": [x]})))
    return eval(code, {"x": x})`,
  "generators and context managers": `import contextlib, functools
@contextlib.contextmanager
def given(x): yield 2 * x
@functools.lru_cache(None)
def f(x):
    with given(x) as made, contextlib.suppress(KeyError): return made`,
  "the collector's work": `import gc, sys, weakref
def f(x):
    gc.collect(); gc.disable(); gc.enable(); sys.getrefcount(x)
    return 2 * x`,
  "tests of its own": `import unittest
def f(x): return 2 * x
class Own(unittest.TestCase):
    def test_wrong(self): self.assertEqual(f(1), 3)
if __name__ == "__main__": unittest.main()`,
  "names put into modules": `import math, sys, json
math.double = lambda x: 2 * x
json.JSONEncoder.item_separator = ","
sys.setrecursionlimit(5000)
def f(x): return math.double(x)`,
};

describe("honest programs", () => {
  test.each(Object.entries(HONEST))("%s", async (_, code) => {
    expect(await verdictOf(EQUAL, code)).toBe("pass");
  });
});

const POINT = `class P:
    def __init__(self, a): self.a = a
    def __eq__(self, other): return isinstance(other, P) and self.a == other.a
    def __lt__(self, other): return self.a < other.a
    def __contains__(self, a): return a == self.a
    def __len__(self): return 1
class L(list):
    def __getitem__(self, at): return list.__getitem__(self, at % len(self))
`;

/** Tests, each with a program that passes and one that does not. */
const TESTS: Readonly<Record<string, readonly [string, string, string]>> = {
  "objects of the program's class are equal by its rule": [
    testing(
      "self.assertEqual(P(1), P(1)); self.assertNotEqual(P(1), P(2)); self.assertEqual([P(1)], [P(1)])",
    ),
    POINT,
    POINT.replace("self.a == other.a", "False"),
  ],
  "they are ordered and searched by it": [
    testing(
      "self.assertLess(P(1), P(2)); self.assertIn(1, P(1)); self.assertTrue(P(1)); assert sorted([P(2), P(1)])[0].a == 1",
    ),
    POINT,
    POINT.replace("a == self.a", "False"),
  ],
  "a list of its own is a list": [
    testing(
      "self.assertEqual(L([1, 2]), [1, 2]); self.assertIsInstance(L(), L); self.assertEqual(L([1])[5], 1)",
    ),
    POINT,
    POINT.replace("list.__getitem__(self, at % len(self))", "0"),
  ],
  "sub-tests": [
    testing("for n in (1, 2):\n            with self.subTest(n=n): self.assertEqual(f(n), 2 * n)"),
    "def f(x): return 2 * x",
    "def f(x): return 2",
  ],
  "sub-tests that the program would stop": [
    testing("with self.subTest(n=1): self.assertEqual(f(1), 2)"),
    "def f(x): return 2",
    "import unittest.case\ndef f(x): raise unittest.case._ShouldStop",
  ],
  "expected exceptions, logs and warnings": [
    testing(
      "import logging, warnings\n        with self.assertRaises(ValueError): f(0)\n        with self.assertLogs() as seen: f(1)\n        self.assertIn('one', seen.output[0])\n        with self.assertWarns(UserWarning): f(2)",
    ),
    "import logging, warnings\ndef f(x):\n    if x == 0: raise ValueError\n    logging.warning('one')\n    warnings.warn('two')",
    "def f(x): pass",
  ],
  "fixtures, cleanups and attributes of the class": [
    "import unittest\nclass T(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls): cls.base = 1\n    def setUp(self):\n        self.addCleanup(lambda: None)\n        T.base += 1\n    def test_a(self): self.assertEqual(f(self.base), 4)\n    def tearDown(self): self.assertEqual(T.base, 2)\n",
    "def f(x): return 2 * x",
    "def f(x): return x",
  ],
  "skips and expected failures of the source": [
    "import unittest\nclass T(unittest.TestCase):\n    @unittest.skip('later')\n    def test_a(self): self.fail()\n    @unittest.expectedFailure\n    def test_b(self): self.assertEqual(f(1), 1)\n",
    "def f(x): return 2",
    "def f(x): return 1",
  ],
  "asynchronous tests": [
    "import unittest\nclass T(unittest.IsolatedAsyncioTestCase):\n    async def asyncSetUp(self): self.x = 1\n    async def test_a(self): self.assertEqual(await f(self.x), 2)\n",
    "async def f(x): return 2 * x",
    "async def f(x): return x",
  ],
  mocks: [
    "import unittest\nfrom unittest.mock import ANY, MagicMock, call, patch\nclass T(unittest.TestCase):\n    @patch('builtins.print')\n    @patch('os.getcwd', return_value='/x')\n    def test_a(self, cwd, shown):\n        f(done := MagicMock())\n        shown.assert_called_once_with('/x')\n        self.assertEqual(done.call_args, call(1))\n        self.assertEqual(done.mock_calls, [call(ANY)])\n",
    "import os\ndef f(done):\n    print(os.getcwd())\n    done(1)",
    "import os\ndef f(done):\n    print('x')\n    done(1)",
  ],
  "containers of the program's own": [
    testing(
      "s = S([1, 'a', 2.5, None])\n        self.assertIn(1, s); self.assertIn('a', s); self.assertIn(None, s)\n        self.assertNotIn(3, s); self.assertTrue(2.5 in s)",
    ),
    "class S:\n    def __init__(self, v): self.v = v\n    def __contains__(self, o): return o in self.v",
    "class S:\n    def __init__(self, v): self.v = v\n    def __contains__(self, o): return o is not None and o != 3",
  ],
  "differences of values of the program's own": [
    testing(
      "self.assertEqual(V(3) - V(1), V(2)); self.assertEqual(V(3) - 1, V(2)); self.assertLess(abs(V(3) - V(0)) - 3, 1e-6)\n        self.assertEqual(M(3) - M(5), 5); self.assertEqual('%d' % V(3).a, '3')",
    ),
    "class V:\n    def __init__(self, a): self.a = a\n    def __eq__(self, o): return isinstance(o, V) and self.a == o.a\n    def __sub__(self, o): return V(self.a - (o.a if isinstance(o, V) else o))\n    def __abs__(self): return abs(self.a)\n" +
      "class M(int):\n    def __sub__(self, o): return M((int(self) - int(o)) % 7)\n    __eq__ = int.__eq__\n    __hash__ = int.__hash__",
    "class V:\n    def __init__(self, a): self.a = a\n    def __sub__(self, o): return 0\nM = V",
  ],
  "containers of the library": [
    testing(
      "import collections\n        self.assertEqual(f(0), {'a': 1}); self.assertIsInstance(f(0), collections.OrderedDict)\n        self.assertEqual(f(1), collections.Counter('aab')); self.assertEqual(f(2), collections.deque([1, 2]))\n        self.assertEqual(f(3), (1, 2)); self.assertEqual(f(3).a, 1); self.assertEqual(f(0).items(), {'a': 1}.items())",
    ),
    "import collections\nP = collections.namedtuple('P', 'a b')\ndef f(x): return [collections.OrderedDict(a=1), collections.Counter('aab'), collections.deque([1, 2], 2), P(1, 2)][x]",
    "import collections\ndef f(x): return collections.OrderedDict(a=2)",
  ],
  "functions over many values, and ends of iterations": [
    testing(
      "self.assertEqual(list(map(f, [1, 2])), [2, 4]); it = iter(C(2)); self.assertEqual(next(it), 2)\n        with self.assertRaises(StopIteration): next(it)\n        self.assertIn(2, iter(C(2))); self.assertEqual(list(map(lambda c: c.n, map(C, [1]))), [1])",
    ),
    "def f(x): return 2 * x\nclass C:\n    def __init__(self, n): self.n = n\n    def __iter__(self): yield self.n",
    "def f(x): raise StopIteration\nclass C:\n    def __init__(self, n): self.n = n\n    def __iter__(self): yield self.n",
  ],
  "names that the test defines and the program uses": [
    `import json\n${testing("self.assertEqual(f('[1]'), [1])")}`,
    "def f(x): return json.loads(x)",
    "def f(x): return json.loads('[2]')",
  ],
};

describe("tests", () => {
  test.each(Object.entries(TESTS))("%s", async (_, [source, right, wrong]) => {
    expect(await verdictOf(source, right)).toBe("pass");
    expect(await verdictOf(source, wrong)).toMatch(/^(?:wrong_answer|runtime_error)/);
  });

  test.each(COMPARISONS)("no lie passes by %s", async (comparison) => {
    const source = testing(comparison.replaceAll("X", "21").replaceAll(/\bE\b/g, "42"));
    const lie =
      "class Any(int):\n    def __eq__(self, other): return True\n    def __ne__(self, other): return False\n" +
      "    def __hash__(self): return 42\n    def __sub__(self, other): return 0\n    __rsub__ = __lt__ = __gt__ = __le__ = __ge__ = __eq__\n";
    expect(await verdictOf(source, "def f(x): return 2 * x")).toBe("pass");
    expect(await verdictOf(source, `${lie}def f(x): return Any(0)`)).not.toBe("pass");
    expect(await verdictOf(source, `${lie.replace("Any(int)", "Any")}def f(x): return Any()`)).not.toBe(
      "pass",
    );
  });
});

/** What one interpreter cannot hide, as docs/design/sandbox.md says: attacks that pass. Whoever closes one moves it to the attacks. */
const KNOWN: Readonly<Record<string, readonly [string, string]>> = {
  "an equality of the program's own class on both sides": [
    testing("self.assertEqual(f(1), P(2))"),
    "class P:\n    def __init__(self, a): self.a = a\n    def __eq__(self, other): return isinstance(other, P)\ndef f(x): return P(x)",
  ],
  "a builtin replaced for one call, where the test patches builtins itself": [
    "import unittest\nfrom unittest.mock import patch\nclass T(unittest.TestCase):\n    @patch('builtins.print')\n    def test_a(self, shown):\n        answer = f(1)\n        self.assertEqual(len(answer), 3)\n",
    "import builtins\nreal = len\ndef f(x):\n    def fake(value):\n        builtins.len = real\n        return 3\n    builtins.len = fake\n    return []",
  ],
};

test.each(Object.entries(KNOWN))("known to pass: %s", async (_, [source, attack]) => {
  expect(await verdictOf(source, attack)).toBe("pass");
});
