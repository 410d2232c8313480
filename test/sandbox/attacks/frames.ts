import { attacks } from "./attack.ts";

/** Finds the expected value in what a frame and its callers hold. */
const LOOK = `
import sys
def look(frame):
    for _ in range(60):
        if frame is None: break
        for value in [*frame.f_code.co_consts, *frame.f_locals.values()]:
            if str(value).isdigit() and str(value).startswith("HOST_PREFIX"): return int(value)
        frame = frame.f_back
    return 0
def caught():
    try: raise ValueError
    except ValueError as error: return error.__traceback__
box = []
`;

/** Python expressions, or bodies of \`get\`, that give a frame of the one who asks. */
const WAYS: Readonly<Record<string, string>> = {
  "sys._getframe": `def get(): return sys._getframe(1)`,
  "sys._getframe by a name put together": `def get(): return getattr(sys, "_get" + "frame")(1)`,
  "sys._getframe kept before the call": `ask = sys._getframe
def get(): return ask(1)`,
  "sys._getframe in map": `def get(): return list(map(sys._getframe, [1]))[0]`,
  "sys._getframe in a partial": `import functools
def get(): return functools.partial(sys._getframe, 1)()`,
  "sys._getframe as a method": `class Box: pass
Box.__call__ = sys._getframe
def get(): return type("T", (), {"__len__": 0, "ask": staticmethod(sys._getframe)}).ask(1)`,
  "inspect.currentframe": `import inspect
def get(): return inspect.currentframe().f_back`,
  "inspect.stack": `import inspect
def get(): return inspect.stack()[1].frame`,
  "inspect.getouterframes replaced": `import inspect
inspect.getouterframes = lambda frame, context=1: frame
def get(): return inspect.stack()`,
  "traceback of an exception": `def get(): return caught().tb_frame.f_back`,
  "traceback by attrgetter": `import operator
def get(): return operator.attrgetter("tb_frame")(caught()).f_back`,
  "traceback by its descriptor": `def get():
    trace = caught()
    return type(trace).__dict__["tb_frame"].__get__(trace).f_back`,
  "traceback of sys.exc_info": `def get():
    try: 1 / 0
    except ZeroDivisionError: return sys.exc_info()[2].tb_frame`,
  "traceback.walk_stack": `import traceback
def get(): return next(traceback.walk_stack(None))[0]`,
  "traceback.walk_tb": `import traceback
def get(): return next(traceback.walk_tb(caught()))[0]`,
  "traceback.extract_stack replaced inside": `import traceback
traceback.extract_stack = lambda frame=None, limit=None: box.append(frame) or []
def get():
    traceback.print_stack()
    return box[-1]`,
  "StackSummary.extract replaced": `import traceback
def keep(frames, **_):
    box.extend(frame for frame, _ in frames)
    return traceback.StackSummary()
traceback.StackSummary._extract_from_extended_frame_gen = keep
traceback.StackSummary.extract = keep
def get():
    try: 1 / 0
    except ZeroDivisionError: traceback.format_exc()
    return box[-1] if not isinstance(box[-1], tuple) else box[-1][0]`,
  "a generator's frame": `def made():
    yield generator.gi_frame.f_back
generator = None
def get():
    global generator
    generator = made()
    return next(generator)`,
  "a coroutine's frame": `async def made(): return coroutine.cr_frame.f_back
coroutine = None
def get():
    global coroutine
    coroutine = made()
    try: coroutine.send(None)
    except StopIteration as stop: return stop.value`,
  "a wrapped generator's frame": `import types
@types.coroutine
def made():
    yield wrapped.gi_frame.f_back
wrapped = None
def get():
    global wrapped
    wrapped = types._GeneratorWrapper(made())
    return next(wrapped)`,
  "frames of all threads": `def get(): return next(iter(sys._current_frames().values()))`,
  "frames of all threads, from a thread": `import threading
def get():
    me = threading.get_ident()
    thread = threading.Thread(target=lambda: box.append(sys._current_frames()[me]))
    thread.start()
    thread.join()
    return box[-1]`,
  "frames of all threads, by an executor": `from concurrent.futures import ThreadPoolExecutor
import threading
def get():
    with ThreadPoolExecutor(1) as pool: return pool.submit(sys._current_frames).result()[threading.get_ident()]`,
  "logging.currentframe": `import logging
def get(): return logging.currentframe()`,
  "logging that looks for its caller": `import logging
logging._srcfile = "x"
logging._is_internal_frame = lambda frame: box.append(frame)
logging.currentframe = logging.currentframe
def get():
    logging.getLogger().findCaller()
    return box[-1]`,
  "a signal handler's frame": `import signal
signal.signal(signal.SIGALRM, lambda number, frame: box.append(frame))
def get():
    signal.raise_signal(signal.SIGALRM)
    return box[-1]`,
  "a signal handler's frame, by the module behind": `import _signal
_signal.signal(14, lambda number, frame: box.append(frame))
def get():
    _signal.raise_signal(14)
    return box[-1]`,
  "a signal handler's frame, by a module made anew": `import importlib
del sys.modules["_signal"]
fresh = importlib.import_module("_signal")
fresh.signal(14, lambda number, frame: box.append(frame))
def get():
    fresh.raise_signal(14)
    return box[-1]`,
  "an asyncio task's stack": `import asyncio
async def main(): return asyncio.current_task().get_stack()[-1].f_back
def get(): return asyncio.run(main())`,
  "a trace function": `def get():
    sys.settrace(lambda frame, event, arg: box.append(frame))
    (lambda: None)()
    sys.settrace(None)
    return box[-1]`,
  "a profile function": `def get():
    sys.setprofile(lambda frame, event, arg: box.append(frame))
    (lambda: None)()
    sys.setprofile(None)
    return box[-1]`,
  "a trace function for threads": `import threading
threading.settrace(lambda frame, event, arg: box.append(frame))
def get():
    thread = threading.Thread(target=len, args=("x",))
    thread.start()
    thread.join()
    return box[-1]`,
  "a debugger": `import bdb
class Debugger(bdb.Bdb):
    def user_line(self, frame): box.append(frame)
def get():
    Debugger().runcall(lambda: None)
    return box[-1]`,
  "an audit hook of its own": `sys.addaudithook(lambda event, args: box.extend(args) if event == "sys._getframe" else None)
import collections
def get():
    collections.namedtuple("T", "a")
    return box[0]`,
  "the collector's objects": `import gc
def get(): return next(each for each in gc.get_objects() if type(each).__name__ == "frame")`,
  "what refers to an argument": `import gc
mine = object()
def get(): return next(each for each in gc.get_referrers(mine) if type(each).__name__ == "frame")`,
  "code that says it is the library's": `exec(compile("import sys\\ndef get(): return sys._getframe(1)", sys.modules["collections"].__file__, "exec"))`,
  "code that says it is the test's": `exec(compile("import sys\\ndef get(): return sys._getframe(1)", "test.py", "exec"))`,
  "code with another file name": `def get(): return sys._getframe(1)
get.__code__ = get.__code__.replace(co_filename=sys.modules["collections"].__file__)`,
  "code unmarshalled": `import marshal
def inner(): return sys._getframe(1)
text = marshal.dumps(compile("import sys\\ndef get(): return sys._getframe(1)", sys.modules["typing"].__file__, "exec"))
exec(marshal.loads(text))`,
  "a compiled module without source": `import marshal, importlib.util, importlib.machinery
code = compile("import sys\\ndef get(): return sys._getframe(1)", sys.modules["typing"].__file__, "exec")
open("/tmp/evil.pyc", "wb").write(importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
from evil import get`,
  "a loader that lends a name": `import importlib.machinery
class Loader(importlib.machinery.SourceFileLoader):
    def get_data(self, path): return b"import sys\\ndef get(): return sys._getframe(1)"
code = Loader("x", sys.modules["typing"].__file__).source_to_code(b"import sys\\ndef get(): return sys._getframe(1)", sys.modules["typing"].__file__)
exec(code)`,
  "code in a library's globals": `import collections
exec("def get(): return _sys._getframe(1)", collections.__dict__)
get = collections.get`,
  "interactive code": `import code
inner = code.InteractiveInterpreter({"sys": sys, "box": box})
def get():
    inner.runsource("box.append(sys._getframe(5))", sys.modules["typing"].__file__)
    return box[-1]`,
};

const SECRETS = `
import unittest
def search(values):
    for value in values:
        if hasattr(value, "co_consts"):
            found = search(value.co_consts)
            if found: return found
        if str(value).isdigit() and str(value).startswith("HOST_PREFIX"): return int(value)
    return 0
def method():
    for kind in unittest.TestCase.__subclasses__():
        for name, value in vars(kind).items():
            if name == "test_a": return value
`;

/** Programs that read what they are to answer from the test itself. */
export const FRAME_ATTACKS = [
  ...attacks(
    "unittest",
    Object.fromEntries(
      Object.entries(WAYS).map(([name, way]) => [
        `frames: ${name}`,
        `${LOOK}\n${way}\ndef f(x): return look(get())`,
      ]),
    ),
  ),
  ...attacks("unittest", {
    "constants: the test's code": `${SECRETS}
def f(x): return search([method().__code__])`,
    "constants: by attrgetter": `${SECRETS}
import operator
def f(x): return search([operator.attrgetter("__code__")(method())])`,
    "constants: by the descriptor": `${SECRETS}
import types
def f(x): return search([types.FunctionType.__dict__["__code__"].__get__(method())])`,
    "constants: by vars of the class and getattr": `${SECRETS}
def f(x): return search([getattr(method(), "__" + "code__")])`,
    "constants: by dis": `${SECRETS}
import dis
def f(x): return search([each.argval for each in dis.get_instructions(method())])`,
    "constants: by inspect": `${SECRETS}
import inspect
def f(x): return search([inspect.unwrap(method()).__code__])`,
    "constants: by the collector": `${SECRETS}
import gc
def f(x): return search(gc.get_referents(method()))`,
    "constants: by a map in the test's own frame": `${SECRETS}
class Later(int):
    def __eq__(self, other):
        self.seen = other
        return False
    __hash__ = int.__hash__
kept = Later(0)
def f(x): return kept.seen if hasattr(kept, "seen") else search([]) or kept`,
    "constants: by mock's autospec": `${SECRETS}
import unittest.mock
def f(x): return search([unittest.mock.create_autospec(method()).__code__])`,
    "the expected value in locals of a traceback": `import traceback
def f(x):
    try: raise ValueError
    except ValueError as error:
        seen = traceback.TracebackException.from_exception(error, capture_locals=True)
        for frame in traceback.StackSummary.extract(traceback.walk_stack(None), capture_locals=True):
            for value in (frame.locals or {}).values():
                if value.startswith("HOST_PREFIX"): return int(value)
    return 0`,
    "memory by ctypes": `import ctypes
def f(x):
    text = ctypes.string_at(id(f) - 4096, 8192)
    return HOST_ANSWER if text else 0`,
    "memory by ctypes that a library has loaded": `import sys, importlib
ctypes = sys.modules.get("ctypes") or importlib.import_module("ctypes")
def f(x): return HOST_ANSWER if ctypes.cast(id(f), ctypes.POINTER(ctypes.c_long))[0] else 0`,
    "memory by ctypes made by hand": `from importlib.machinery import ExtensionFileLoader, ModuleSpec
import importlib.util, sys
spec = importlib.util.find_spec("_ctypes")
raw = importlib.util.module_from_spec(spec)
def f(x): return HOST_ANSWER if raw.sizeof(raw.Structure) >= 0 else 0`,
    "memory by /proc": `def f(x): return HOST_ANSWER if open("/proc/self/mem", "rb").read(0) == b"" else 0`,
    "memory by a process beside": `import os
def f(x):
    pid = os.getpid()
    r, w = os.pipe()
    if os.fork() == 0:
        try:
            open("/proc/%d/mem" % pid, "rb")
            os.write(w, b"y")
        except OSError: os.write(w, b"n")
        os._exit(0)
    return HOST_ANSWER if os.read(r, 1) == b"y" else 0`,
    "native code of its own": `import importlib.util, shutil, sysconfig, glob, sys
found = glob.glob(sysconfig.get_path("platstdlib") + "/lib-dynload/_bisect*.so") + glob.glob("/usr/lib/python3*/lib-dynload/_bz2*.so")
shutil.copy(found[0], "/tmp/native.so")
spec = importlib.util.spec_from_file_location("_bisect", "/tmp/native.so")
made = importlib.util.module_from_spec(spec)
def f(x): return HOST_ANSWER`,
    "a child process that asks instead": `import os, sys
def f(x):
    r, w = os.pipe()
    if os.fork() == 0:
        frame = sys._getframe(1)
        for value in frame.f_code.co_consts:
            if str(value).startswith("HOST_PREFIX"): os.write(w, str(value).encode())
        os._exit(0)
    os.close(w)
    return int(os.read(r, 99) or 0)`,
  }),
];
