import { attacks } from "./attack.ts";

/** A patch that removes itself when it has done its work: `name` of `holder` becomes a function with `body`, for one call. */
function brief(imports: string, holder: string, name: string, body: string): string {
  return `${imports}
holder = ${holder}
real = getattr(holder, "${name}")
def fake(*args, **kwargs):
    setattr(holder, "${name}", real)
    ${body}
def f(x):
    setattr(holder, "${name}", fake)
    return 0`;
}

/** The test's own class, which no name of the program's leads to. */
const CLASS = `import unittest
def found():
    return [kind for kind in unittest.TestCase.__subclasses__() if "test_a" in vars(kind)][0]
`;

/** A class of the runner's, by the way that leads to every class. */
const RUNNER = `def runner(name):
    left = [object]
    while left:
        kind = left.pop()
        left += type.__subclasses__(kind)
        if kind.__name__ == name and kind.__module__ == "unittest_case": return kind
`;

const STOPS = [
  "unittest.SkipTest('no')",
  "unittest.case._ShouldStop()",
  "unittest.case._UnexpectedSuccess()",
  "KeyboardInterrupt()",
  "SystemExit(0)",
  "GeneratorExit()",
  "StopIteration()",
  "StopAsyncIteration()",
  "asyncio.CancelledError()",
  "BaseException()",
  "AssertionError()",
  "type('Quiet', (unittest.case._ShouldStop,), {})()",
  "type('Quiet', (unittest.SkipTest,), {})()",
];

/** Programs that change what decides over them. */
export const MACHINERY_ATTACKS = [
  ...attacks(
    "unittest",
    Object.fromEntries(
      STOPS.map((error) => [
        `control flow: ${error}`,
        `import asyncio, unittest\nimport unittest.case\ndef f(x): raise ${error}`,
      ]),
    ),
  ),
  ...attacks("unittest", {
    "brief patch: the comparison behind assertEqual": brief(
      "import unittest",
      "unittest.TestCase",
      "_baseAssertEqual",
      "return None",
    ),
    "brief patch: the choice of a comparison": brief(
      "import unittest",
      "unittest.TestCase",
      "_getAssertEqualityFunc",
      "return lambda *a, **k: None",
    ),
    "brief patch: a name of the module": brief(
      "import unittest.case",
      "unittest.case",
      "_common_shorten_repr",
      "return ('', '')",
    ),
    "brief patch: isinstance": brief("import builtins", "builtins", "isinstance", "return True"),
    "brief patch: len": brief("import builtins", "builtins", "len", "return 0"),
    "brief patch: what fails": `import unittest
def f(x):
    unittest.TestCase.failureException = type("Never", (BaseException,), {})
    return 0`,
    "a result that passes, for all classes": `import unittest
unittest.TestCase.__unittest_expecting_failure__ = True
def f(x): return 0`,
    "a skip of the test's class": `${CLASS}
def f(x):
    found().__unittest_skip__ = True
    return 0`,
    "a failure that the test's class expects": `${CLASS}
def f(x):
    found().__unittest_expecting_failure__ = True
    raise ValueError`,
    "the next test replaced": `${CLASS}
def f(x):
    found().test_b = lambda self: None
    return HOST_ANSWER if x > 9 else 0`,
    "the next test replaced, both": `${CLASS}
def f(x):
    kind = found()
    for name in ("test_a", "test_b"): setattr(kind, name, lambda self: None)
    return 0`,
    "an assertion of the test's class": `${CLASS}
def f(x):
    kind = found()
    def quiet(self, *a, **k):
        if "assertEqual" in vars(kind): del kind.assertEqual
    kind._getAssertEqualityFunc = lambda self, a, b: quiet
    return 0`,
    "an assertion of the test's class, taken away again": `${CLASS}
def f(x):
    kind = found()
    def choose(self, a, b):
        del kind._getAssertEqualityFunc
        return lambda *a, **k: None
    kind._getAssertEqualityFunc = choose
    return 0`,
    "the bases of the test's class": `${CLASS}
class Quiet(unittest.TestCase):
    def _getAssertEqualityFunc(self, a, b): return lambda *a, **k: None
def f(x):
    found().__bases__ = (Quiet,)
    return 0`,
    "attributes answered by the test's class": `${CLASS}
def f(x):
    found().__getattribute__ = lambda self, name: (lambda *a, **k: None) if name.startswith("_") else object.__getattribute__(self, name)
    return 0`,
    "the runner's outcome that notes nothing": `${RUNNER}
def f(x):
    kind = runner("Outcome")
    kind.note = lambda self, error: None
    return 0`,
    "the runner's outcome that notes nothing, for a moment": `${RUNNER}
def f(x):
    kind = runner("Outcome")
    real = kind.note
    def note(self, error): kind.note = real
    kind.note = note
    return 0`,
    "the runner's globals": `${RUNNER}
def f(x):
    runner("Outcome").note.__globals__["run"] = lambda planned: ("pass", None)
    return 0`,
    "the runner's builtins": `${RUNNER}
def f(x):
    space = runner("Outcome").note.__globals__["__builtins__"]
    real = space["isinstance"]
    space["isinstance"] = lambda *a: space.update(isinstance=real) or True
    return 0`,
    "the runner's comparison of answers": `def f(x):
    left = [object]
    while left:
        kind = left.pop()
        left += type.__subclasses__(kind)
        if kind.__name__ == "Checked" and kind.__module__ == "comparison":
            kind.__eq__ = lambda self, other: True
            class Mine:
                def __eq__(self, other): return True
                __hash__ = None
            return Mine()
    return 0`,
    "the code of an assertion": `import unittest
def quiet(self, first, second, msg=None): return None
def f(x):
    unittest.TestCase._baseAssertEqual.__code__ = quiet.__code__
    return 0`,
    "the defaults of an assertion": `import unittest
unittest.TestCase.assertEqual.__defaults__ = (1, 2, 3)
def f(x): return 0`,
    "a cell of the machinery": `import unittest
def f(x):
    unittest.TestCase.subTest.__closure__[0].cell_contents = lambda *a, **k: iter([None])
    return 0`,
    "another class for a module": `import types, unittest.case
class Quiet(types.ModuleType): pass
unittest.case.__class__ = Quiet
def f(x): return 0`,
    "another equality for a type of comparison": `import unittest
real = unittest.TestCase.__init__
def made(self, *a, **k):
    real(self, *a, **k)
    self.addTypeEqualityFunc(int, lambda *a, **k: None)
unittest.TestCase.__init__ = made
def f(x): return 0`,
    "the loader that finds no tests": `import unittest
unittest.TestLoader.getTestCaseNames = lambda self, kind: ["__init__"]
def f(x): return 0`,
    "modules swapped under the test": `import sys, types
fake = types.ModuleType("unittest")
class Quiet:
    def __init__(self, name=""): self._testMethodName = name
    def assertEqual(self, *a): pass
fake.TestCase = Quiet
for name in [each for each in sys.modules if each.startswith("unittest")]: sys.modules[name] = fake
def f(x): return 0`,
    "an import hook for the test": `import builtins
real = builtins.__import__
def hook(name, *a, **k):
    made = real(name, *a, **k)
    if name == "unittest": made.TestCase = type("TestCase", (made.TestCase,), {"assertEqual": lambda *a: None})
    return made
builtins.__import__ = hook
def f(x): return 0`,
    "a finder for the test": `import sys
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        raise SystemExit(0)
sys.meta_path.insert(0, Finder)
for name in ("json", "unittest"): sys.modules.pop(name, None)
def f(x): return 0`,
    "json that the report is written with": `import json, json.encoder
json.dumps = lambda *a, **k: '{"id": "T.test_a", "outcome": "pass", "message": ""}'
json.encoder.JSONEncoder.encode = lambda *a, **k: '{"id": "T.test_a", "outcome": "pass", "message": ""}'
def f(x): return 0`,
    "json for the moment of the report": `import json.encoder
real = json.encoder.JSONEncoder.iterencode
def f(x):
    json.encoder.JSONEncoder.encode = lambda self, value: '{"id": "T.test_a", "outcome": "pass", "message": ""}'
    return 0`,
  }),
  ...attacks("unittest", {
    "report: a descriptor of its own behind the first": `import os, threading
real = os.dup(3)
r, w = os.pipe()
os.dup2(w, 3)
def pump():
    while True: os.write(real, os.read(r, 65536).replace(b'"fail"', b'"pass"').replace(b'"error"', b'"pass"'))
threading.Thread(target=pump, daemon=True).start()
def f(x): return 0`,
    "report: lines replaced in the file": `import os, threading, time
def f(x):
    def later():
        while True:
            text = os.pread(3, 1 << 16, 0)
            if b'"fail"' in text: os.pwrite(3, text.replace(b'"fail"', b'"pass"'), 0)
    threading.Thread(target=later, daemon=True).start()
    return 0`,
    "report: lines of before said again": `import os
def f(x):
    text = os.pread(3, 1 << 16, 0)
    os.write(3, text)
    return 0`,
    "report: cut and closed": `import os
def f(x):
    os.ftruncate(3, 0)
    os.close(3)
    return 0`,
    "report: a child writes the end": `import os
def f(x):
    if os.fork() == 0: return 2 * x
    os._exit(0)`,
    "report: a child writes the end, and its parent waits for it": `import os
def f(x):
    child = os.fork()
    if child == 0: return 2 * x
    os.waitpid(child, 0)
    os._exit(0)`,
    "report: a child goes on in its place": `import os, sys
def f(x):
    if os.fork(): os._exit(0)
    return 0`,
    "report: only the child asks": `import os, sys
saved = os.dup(3)
null = os.open("/dev/null", os.O_RDWR)
os.dup2(null, 3)
try: frame = sys._getframe(1)
finally: os.dup2(saved, 3)
def f(x): return 0`,
    "report: a thread that ends the process in time": `import os, threading, time
def f(x):
    threading.Timer(0.0, lambda: os._exit(0)).start()
    time.sleep(1)
    return 0`,
  }),
];
