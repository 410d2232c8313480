import { attacksOn } from "./attack.ts";

const ANY = `class Any:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
`;
const SUB = `class Any:
    def __sub__(self, other): return 0
    def __rsub__(self, other): return 0
    def __abs__(self): return 0
`;

/** What a test of each kind could compare, and containers of libraries that bring a lie along. */
const HOLDERS: Readonly<Record<string, readonly [string, string]>> = {
  "a list of its own class": [
    "self.assertEqual(f(X), [E])",
    `${ANY}class L(list): pass\ndef f(x): return L([Any()])`,
  ],
  "a tuple of its own class": [
    "self.assertEqual(f(X), (E,))",
    `${ANY}class L(tuple): pass\ndef f(x): return L([Any()])`,
  ],
  "a dictionary of its own class": [
    "self.assertEqual(f(X), {'a': E})",
    `${ANY}class L(dict): pass\ndef f(x): return L(a=Any())`,
  ],
  "a dictionary with a default": [
    "self.assertEqual(f(X), {'a': E})",
    `import collections\n${ANY}def f(x): return collections.defaultdict(int, a=Any())`,
  ],
  "an ordered dictionary": [
    "self.assertEqual(dict(f(X)) and f(X), {'a': E})",
    `import collections\n${ANY}def f(x): return collections.OrderedDict(a=Any())`,
  ],
  "a counter": [
    "self.assertEqual(f(X), {'a': E})",
    `import collections\n${ANY}def f(x):\n    made = collections.Counter()\n    dict.__setitem__(made, 'a', Any())\n    return made`,
  ],
  "a named tuple that holds one": [
    "self.assertEqual(f(X), (E, 1))",
    `import collections\n${ANY}P = collections.namedtuple("P", "a b")\ndef f(x): return P(Any(), 1)`,
  ],
  "a typed named tuple": [
    "self.assertEqual(f(X), (E, 1))",
    `import typing\n${ANY}class P(typing.NamedTuple):\n    a: int\n    b: int\ndef f(x): return P(Any(), 1)`,
  ],
  "a queue with two ends": [
    "import collections\nself.assertEqual(f(X), collections.deque([E]))",
    `import collections\n${ANY}def f(x): return collections.deque([Any()])`,
  ],
  "a read-only view": [
    "self.assertEqual(f(X), {'a': E})",
    `import types\n${ANY}def f(x): return types.MappingProxyType({'a': Any()})`,
  ],
  "a namespace": [
    "import types\nself.assertEqual(f(X), types.SimpleNamespace(a=E))",
    `import types\n${ANY}def f(x): return types.SimpleNamespace(a=Any())`,
  ],
  "a view of items": [
    "self.assertEqual(f(X), {'a': E}.items())",
    `${ANY}def f(x): return {'a': Any()}.items()`,
  ],
  "a list of collections": [
    "self.assertEqual(f(X), [E])",
    `import collections\n${ANY}def f(x): return collections.UserList([Any()])`,
  ],
  "a dictionary of collections": [
    "self.assertEqual(f(X), {'a': E})",
    `import collections\n${ANY}def f(x): return collections.UserDict(a=Any())`,
  ],
  "a chain of dictionaries": [
    "self.assertEqual(f(X), {'a': E})",
    `import collections\n${ANY}def f(x): return collections.ChainMap({'a': Any()})`,
  ],
  "a holder inside a holder": [
    "self.assertEqual(f(X), [{'a': [E]}])",
    `import collections\n${ANY}class L(list): pass\ndef f(x): return [collections.OrderedDict(a=L([Any()]))]`,
  ],
  "a slice": ["self.assertEqual(f(X), slice(0, E))", `${ANY}def f(x): return slice(0, Any())`],
  "an exception's arguments": [
    "self.assertEqual(f(X).args, (E,))",
    `${ANY}class L(tuple): pass\ndef f(x):\n    made = type('B', (), {})()\n    made.args = L([Any()])\n    return made`,
  ],
  "a method bound to one": ["self.assertEqual(f(X), E.__add__)", `${ANY}def f(x): return Any()`],
};

/** Ways to ask in which an exception or an operator of the program's ends the question instead of answering it. */
const WAYS: Readonly<Record<string, readonly [string, string]>> = {
  "the end of an iteration, in map": [
    "for got, wanted in zip(map(f, [X]), [E]): self.assertEqual(got, wanted)",
    "def f(x): raise StopIteration",
  ],
  "the end of an iteration, in all": [
    "self.assertTrue(all(map(lambda case: f(case[0]) == case[1], [(X, E)])))",
    "def f(x): raise StopIteration",
  ],
  "the end of an iteration, in filter": [
    "self.assertEqual(list(filter(lambda case: f(case) != E, [X])), [])",
    "def f(x): raise StopIteration",
  ],
  "the end of an iteration, in starmap": [
    "import itertools\nself.assertTrue(all(itertools.starmap(lambda x, y: f(x) == y, [(X, E)])))",
    "def f(x): raise StopIteration",
  ],
  "the end of an iteration, of its own class": [
    "self.assertTrue(all(map(lambda case: f(case[0]) == case[1], [(X, E)])))",
    "class Stop(StopIteration): pass\ndef f(x): raise Stop",
  ],
  "an absolute difference": ["self.assertTrue(abs(f(X) - E) < 1e-6)", `${SUB}def f(x): return Any()`],
  "an absolute difference, from the right": [
    "self.assertLess(abs(E - f(X)), 1e-6)",
    `${SUB}def f(x): return Any()`,
  ],
  "an absolute difference of a float": [
    "assert abs(f(X) - E) <= 0.001",
    `${SUB.replace("Any:", "Any(float):")}def f(x): return Any(0)`,
  ],
  "an absolute difference with another name": [
    "import math\nassert math.fabs(f(X) - E) <= 0.001",
    `${SUB}def f(x): return Any()`,
  ],
  "a difference within bounds": ["assert -1e-6 < f(X) - E < 1e-6", `${SUB}def f(x): return Any()`],
  "an object that contains everything": [
    "self.assertIn(E, f(X))",
    "class Any:\n    def __contains__(self, other): return True\ndef f(x): return Any()",
  ],
  "an object that contains every number": [
    "self.assertIn(E, f(X))",
    "class Any:\n    def __contains__(self, other): return isinstance(other, int)\ndef f(x): return Any()",
  ],
  "a list that contains everything": [
    "self.assertIn(E, f(X))",
    "class Any(list):\n    def __contains__(self, other): return True\ndef f(x): return Any()",
  ],
  "an object whose elements equal everything": [
    "self.assertIn(E, f(X))",
    `${ANY}def f(x): return iter([Any()])`,
  ],
};

/** The same against a test in another process. */
const CHECKS: Readonly<Record<string, readonly [string, string]>> = {
  "the end of an iteration, in map": [
    "for got, wanted in zip(map(candidate, [X]), [E]): assert got == wanted",
    "def f(x): raise StopIteration",
  ],
  "the end of an iteration, in all": [
    "assert all(map(lambda case: candidate(case[0]) == case[1], [(X, E)]))",
    "def f(x): raise StopIteration",
  ],
  "the end of an iteration, by the channel": [
    "assert all(map(lambda case: candidate(case[0]) == case[1], [(X, E)]))",
    `import json, os, struct
def f(x):
    head = json.dumps({"raised": ["StopIteration", ""], "blobs": []}).encode()
    os.write(5, struct.pack(">II", 4 + len(head), len(head)) + head)
    os._exit(0)`,
  ],
  "an instance of the test's own class": [
    "class Close:\n    def __init__(self, value): self.value, self.everything = value, False\n    def __eq__(self, other): return self.everything or self.value == other\nglobals()['Close'] = Close\nassert candidate(X) == E",
    `import json, os, struct
def f(x):
    blob = json.dumps({"n": ["Close", [["everything", True]]]}).encode()
    head = json.dumps({"changed": [], "blobs": [len(blob)]}).encode()
    os.write(5, struct.pack(">II", 4 + len(head) + len(blob), len(head)) + head + blob)
    os._exit(0)`,
  ],
  "an answer that is not a number": ["assert abs(candidate(X) - E) < 1e-6", "def f(x): return float('nan')"],
  "an answer without bounds": ["assert abs(candidate(X) - E) < 1e-6", "def f(x): return float('-inf')"],
  "more arguments changed than there are": [
    "assert candidate(X) == E",
    `import json, os, struct
def f(x):
    blobs = [b"0", b"[]", b"{}"]
    head = json.dumps({"changed": [7, -1], "blobs": list(map(len, blobs))}).encode()
    os.write(5, struct.pack(">II", 4 + len(head) + sum(map(len, blobs)), len(head)) + head + b"".join(blobs))
    os._exit(0)`,
  ],
  "a frame longer than all memory": [
    "assert candidate(X) == E",
    `import os, struct
def f(x):
    os.write(5, struct.pack(">II", 0x7fffffff, 8) + b"{}      ")
    os.close(5)
    while True: pass`,
  ],
  "a header of another kind": [
    "assert candidate(X) == E",
    `import os, struct
def f(x):
    head = b'["raised"]'
    os.write(5, struct.pack(">II", 4 + len(head), len(head)) + head)
    os._exit(0)`,
  ],
  "an exception named like a type": [
    "try: candidate(X)\nexcept ValueError: raise\nelse: assert False\nassert candidate(X) == E",
    "class ValueErrorr(Exception): pass\nValueErrorr.__name__ = 'SystemExit'\ndef f(x): raise ValueErrorr",
  ],
  "numbers with equal hashes": [
    "assert set([candidate(X)]) == {E}",
    "def f(x): return {('a' * n): n for n in range(20000)}",
  ],
};

export const ASKING_ATTACKS = [
  ...attacksOn(
    "unittest",
    Object.fromEntries(Object.entries(HOLDERS).map(([name, each]) => [`holds a lie: ${name}`, each])),
  ),
  ...attacksOn(
    "unittest",
    Object.fromEntries(Object.entries(WAYS).map(([name, each]) => [`asked: ${name}`, each])),
  ),
  ...attacksOn(
    "check",
    Object.fromEntries(Object.entries(CHECKS).map(([name, each]) => [`asked in check: ${name}`, each])),
  ),
];
