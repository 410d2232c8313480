import { attacks } from "./attack.ts";

/** Reads all of its own memory. */
const SCAN = `import ctypes, re
def scan(pattern):
    for line in open("/proc/self/maps"):
        where, rights, *rest = line.split()
        if rights.startswith("rw") and "[v" not in line:
            start, end = (int(part, 16) for part in where.split("-"))
            found = re.search(pattern, ctypes.string_at(start, end - start))
            if found: return int(found.group())
    return 0
def f(x): return scan(rb"(?<![0-9])HOST_PREFIX[0-9]{8}(?![0-9])")`;

/** Looks into everything that the frames below it hold. */
const FRAMES = `import re, sys
def texts(value, depth=3):
    yield repr(value)
    if isinstance(value, memoryview): yield repr(bytes(value))
    if hasattr(value, "co_consts"): yield from texts(value.co_consts)
    if depth and isinstance(value, dict): value = [*value, *value.values()]
    if depth and isinstance(value, (list, tuple)):
        for item in list(value): yield from texts(item, depth - 1)
def f(x):
    frame = sys._getframe(1)
    while frame:
        for value in [*frame.f_locals.values(), *frame.f_globals.values()]:
            for text in texts(value):
                found = re.search(r"(?<![0-9])HOST_PREFIX[0-9]{8}(?![0-9])", text)
                if found: return int(found.group())
        frame = frame.f_back
    return 0`;

/** Programs that want to pass without doing the work, or to be taken for a fault of the grader's. */
export const FORGING_ATTACKS = [
  ...attacks("stdio", {
    "leave at once": `import os
os._exit(0)`,
    "leave politely": `import sys
sys.exit(0)`,
    "print a verdict": `print('{"status": "exited", "verdict": "pass", "passed": true}')`,
    "look for the expected output": `import os, glob, re
for path in glob.glob("/**", recursive=False) + glob.glob("/tmp/*") + glob.glob("/proc/*/fd/*") + glob.glob("/opt/funprm/*"):
    try:
        text = open(path, "rb").read(1 << 16)
        found = re.search(rb"HOST_PREFIX\\d{8}", text)
        if found: print(found.group().decode())
    except OSError: pass`,
    "look for the expected output in memory": `import gc
for o in gc.get_objects():
    for text in o if isinstance(o, (list, tuple)) else [o]:
        if isinstance(text, (str, bytes, int)) and repr(text).strip("b'\\"\\\\n").startswith("HOST_PREFIX"):
            print(text)
            raise SystemExit`,
    "what programs before it have printed, in memory": `${SCAN}
print(f(0))`,
    "what programs before it have printed, in frames": `${FRAMES}
print(f(0))`,
  }),
  ...attacks("evalplus", {
    "what the reference answered, in memory": SCAN,
    "what the reference answered, in frames": FRAMES,
    "more answers than questions": `import atexit, os
atexit.register(os.write, 3, b"=1\\n" * 3)
def f(x): return 2 * x`,
  }),
  ...attacks("call", {
    "an answer that equals everything": `class Any:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
def f(x): return Any()`,
    "an int that equals everything": `class Any(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
    def __repr__(self): return "42"
def f(x): return Any(0)`,
    "leave before the call": `import os
def f(x): os._exit(0)`,
    "forged report lines": `import os
os.write(3, b"=42\\n" * 0 + b"=[42]\\n")
def f(x): os._exit(0)`,
    "frames with the expected value": `import sys
def f(x):
    frame = sys._getframe()
    while frame:
        for name, value in list(frame.f_locals.items()):
            if "expect" in name or str(value).startswith("HOST_PREFIX"): return value
        frame = frame.f_back
    return 0`,
    "a patched encoder": `import json, sys
json.dumps = lambda *a, **k: "[42]"
for module in list(sys.modules.values()):
    if hasattr(module, "encode"):
        try: module.encode = lambda *a, **k: "[42]"
        except Exception: pass
def f(x): return 0`,
    "a base class that the reader would build": `class Evil:
    def __reduce__(self): return (print, ("42",))
def f(x): return Evil()`,
    "an endless iterator": `import itertools
def f(x): return itertools.count()`,
    "a value nested without end": `def f(x):
    a = []
    a.append(a)
    return a`,
    "a huge answer": `def f(x): return "x" * (300 << 20)`,
    "a report nested deeper than any stack": `import os
os.write(3, b'={"b":' + b"[" * 200000 + b"]" * 200000 + b"}\\n")
def f(x): return 0`,
    "an integer of millions of digits": `def f(x): return 1 << 4_000_000`,
    "tests that cannot run": `import os
os.write(3, b'?["ImportError", "No module named numpy"]\\n')
os._exit(1)
def f(x): return 0`,
    "a run that seems never to have come to the program": `import os, sys
def f(x):
    frame = sys._getframe()
    while frame:
        for value in frame.f_locals.values():
            server = getattr(value, "server", value)
            for name in ("marks", "confined"):
                if hasattr(server, name): getattr(server, name)[:2] = b"\\0\\0"
        frame = frame.f_back
    os._exit(0)`,
  }),
  ...attacks("check", {
    "an answer that equals everything, in check": `class Any(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0
def f(x): return Any(0)`,
    "leave during check": `import os
def f(x): os._exit(0)`,
    "leave while loading": `import sys
sys.exit(0)`,
    "frames with the expected value, in check": `import sys
def f(x):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_code.co_consts):
            if str(value).startswith("HOST_PREFIX"): return value
        frame = frame.f_back
    return 0`,
    "the test in memory": SCAN,
    "the test in frames": FRAMES,
    "what the tester wrote to stderr": `import os, re
def f(x):
    found = re.search(rb"HOST_PREFIX[0-9]{8}", os.pread(2, 1 << 20, 0))
    return int(found.group()) if found else 0`,
    "kill the tester": `import os, signal
def f(x):
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) not in (1, os.getpid()):
            try: os.kill(int(pid), signal.SIGKILL)
            except OSError: pass
    return 0`,
    "read the tester's memory": `import os
def f(x):
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) != os.getpid():
            for name in ("mem", "maps", "environ", "fd"):
                try:
                    path = "/proc/%s/%s" % (pid, name)
                    found = os.listdir(path) if name == "fd" else open(path, "rb").read()
                    if found: return HOST_ANSWER
                except OSError: pass
    return 0`,
    "write the tester's report": `import os
done = b'{"outcome": "pass"}'
for number in range(3, 300):
    try: os.write(number, done)
    except OSError: pass
def f(x):
    for number in range(3, 300):
        try: os.write(number, done)
        except OSError: pass
    os._exit(0)`,
    "answer out of turn": `import os, struct, json
def frame(header, blobs):
    head = json.dumps(dict(header, blobs=[len(b) for b in blobs])).encode()
    return struct.pack(">II", 4 + len(head) + sum(map(len, blobs)), len(head)) + head + b"".join(blobs)
os.write(5, frame({"ready": True}, []) + frame({"changed": []}, [b'{"o": "42"}']) * 50)
def f(x): return 0`,
    "break the channel": `import os
def f(x):
    os.write(5, b"\\xff" * 4096)
    return 0`,
    "claim to be another class": `class Opaque:
    def __eq__(self, other): return True
def f(x):
    made = Opaque()
    type(made).__name__ = "int"
    return made`,
    "raise what the test expects of nobody": `def f(x): raise AssertionError("42")`,
    "raise SystemExit": `def f(x): raise SystemExit(0)`,
  }),
  ...attacks("unittest", {
    "leave while loading, in unittest": `import os
os._exit(0)`,
    "leave during a test": `import os
def f(x): os._exit(0)`,
    "leave politely during a test": `import sys
def f(x): sys.exit(0)`,
    "leave at the end of the process": `import atexit, os
atexit.register(lambda: os._exit(0))
def f(x): return 0`,
    "an answer that equals everything, patched in place": `import unittest
unittest.TestCase.assertEqual = lambda *a, **k: None
def f(x): return 0`,
    "a library taken away from the test": `import sys
sys.modules["json"] = None
def f(x): return 0`,
    "patched run": `import unittest
unittest.TestCase.run = lambda self, result=None: result.addSuccess(self)
def f(x): return 0`,
    "patched code of assertEqual": `import unittest
def nothing(self, first, second, msg=None): pass
unittest.TestCase.assertEqual.__code__ = nothing.__code__
def f(x): return 0`,
    "patched result": `import unittest
unittest.TestResult.addFailure = lambda *a: None
unittest.TestResult.addError = lambda *a: None
def f(x): return 0`,
    "patched during the test": `import unittest
def f(x):
    unittest.TestCase.assertEqual = lambda *a, **k: None
    return 0`,
    "another unittest": `import sys, types
fake = types.ModuleType("unittest")
class TestCase:
    def assertEqual(self, *a): pass
fake.TestCase = TestCase
sys.modules["unittest"] = fake
def f(x): return 0`,
    "a patched builtin": `import builtins
class Yes(type):
    def __instancecheck__(cls, other): return True
builtins.AssertionError = type("AssertionError", (BaseException,), {})
builtins.isinstance = lambda *a: True
def f(x): return 0`,
    "class building under control": `import builtins
real = builtins.__build_class__
def build(body, name, *bases, **kw):
    made = real(body, name, *bases, **kw)
    for key in list(vars(made)):
        if key.startswith("test"): setattr(made, key, lambda self: None)
    return made
builtins.__build_class__ = build
def f(x): return 0`,
    "skip from inside": `import unittest
def f(x): raise unittest.SkipTest("not today")`,
    "a trace function": `import sys
def tracer(frame, event, arg):
    if frame.f_code.co_name == "assertEqual": frame.f_locals["first"] = frame.f_locals["second"]
    return tracer
sys.settrace(tracer)
def f(x): return 0`,
    "forged lines in every descriptor": `import os, json
line = "word " + json.dumps({"tests": ["T.test"]}) + "\\nword " + json.dumps({"id": "T.test", "outcome": "pass", "message": ""}) + "\\nword " + json.dumps({"done": 1}) + "\\n"
for number in range(3, 300):
    try: os.write(number, line.encode())
    except OSError: pass
os._exit(0)`,
    "printed verdicts": `print("OK")
print("Ran 2 tests in 0.000s")
import os
def f(x):
    print("OK", flush=True)
    os._exit(0)`,
    "a child that stays to report": `import os
if os.fork(): os._exit(0)
def f(x): return 0`,
    "tests replaced by way of the frame": `import sys
def f(x):
    frame = sys._getframe(1)
    case = frame.f_locals["self"]
    for name in dir(type(case)):
        if name.startswith("test"): setattr(type(case), name, lambda self: None)
    return 0`,
  }),
];
