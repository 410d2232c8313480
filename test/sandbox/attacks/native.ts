import { attacks, attacksOn } from "./attack.ts";

/** Reads the memory of an object that no attribute shows, by what `take()` gives as the module ctypes; the answer is returned for it. */
const READ = `
def read(ctypes, thing):
    address = id(thing)
    return ctypes.cast(address, ctypes.POINTER(ctypes.c_ssize_t))[1] == id(type(thing))
def f(x):
    return HOST_ANSWER if read(take(), f) else 0`;

/** Ways to \`ctypes\` that do not say its name in an import. */
const WAYS_TO_MEMORY: Readonly<Record<string, string>> = {
  importlib: `import importlib
def take(): return importlib.import_module("ctypes")`,
  "importlib, in a submodule": `import importlib, sys
def take(): return importlib.import_module("ctypes.util") and sys.modules["ctypes"]`,
  "importlib's own function": `import importlib._bootstrap
def take(): return importlib._bootstrap._gcd_import("ctypes")`,
  "the frozen importlib": `import _frozen_importlib
def take(): return _frozen_importlib._find_and_load("ctypes", _frozen_importlib._gcd_import)`,
  "a loader": `import importlib.util, sys
def take():
    spec = importlib.util.find_spec("ctypes")
    module = importlib.util.module_from_spec(spec)
    sys.modules["ctypes"] = module
    spec.loader.exec_module(module)
    return module`,
  "a loader's load_module": `import importlib.util
def take(): return importlib.util.find_spec("ctypes").loader.load_module("ctypes")`,
  "a lazy loader": `import importlib.util, sys
def take():
    spec = importlib.util.find_spec("ctypes")
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["ctypes"] = module
    spec.loader.exec_module(module)
    return module`,
  pkgutil: `import pkgutil
def take(): return pkgutil.resolve_name("ctypes:cast") and pkgutil.resolve_name("ctypes")`,
  pydoc: `import pydoc
def take(): return pydoc.locate("ctypes")`,
  "unittest.mock": `from unittest import mock
import sys
def take():
    with mock.patch("ctypes.cast"): pass
    return sys.modules["ctypes"]`,
  pickle: `import pickle
def take():
    class Box: pass
    box = Box()
    for name in ("cast", "POINTER", "c_ssize_t"):
        setattr(box, name, pickle.loads(b"cctypes\\n" + name.encode() + b"\\n."))
    return box`,
  runpy: `import runpy
def take():
    class Box: pass
    box = Box()
    box.__dict__.update(runpy.run_module("ctypes.__init__"))
    return box`,
  "logging's resolver": `import logging.config
def take(): return logging.config._resolve("ctypes.cast") and __import__("sys").modules["ctypes"]`,
  "a module that shares arrays": `import multiprocessing.sharedctypes as shared
def take(): return shared.ctypes`,
  "a value that processes share": `import multiprocessing, sys
multiprocessing.Value("i", 0)
def take(): return sys.modules["ctypes"]`,
  "exec of its source": `import importlib.util, types
def take():
    spec = importlib.util.find_spec("ctypes")
    module = types.ModuleType("ctypes")
    module.__path__ = spec.submodule_search_locations
    __import__("sys").modules["ctypes"] = module
    exec(compile(open(spec.origin).read(), spec.origin, "exec"), module.__dict__)
    return module`,
  "the code of its loader": `import importlib.util, types
def take():
    spec = importlib.util.find_spec("ctypes")
    module = types.ModuleType("ctypes")
    module.__path__ = spec.submodule_search_locations
    __import__("sys").modules["ctypes"] = module
    exec(spec.loader.get_code("ctypes"), module.__dict__)
    return module`,
};

/** A pointer of its own, from the classes behind ctypes: \`kinds()\` finds classes by name. */
const CLASSES = `
def kinds():
    left, found, seen = [object], {}, set()
    while left:
        kind = left.pop()
        if kind in seen: continue
        seen.add(kind)
        try: left += type.__subclasses__(kind)
        except TypeError: continue
        found.setdefault(kind.__name__, kind)
    return found
`;

const POINTER = `
def read(base, simple, thing):
    Word = type(simple)("Word", (simple,), {"_type_": "l"})
    Pointer = type(base)("Pointer", (base,), {"_type_": Word})
    start = Word(0x1234567890)
    # The word lies in an object that begins with its type.
    return any(Pointer(start)[-at] == id(Word) for at in range(1, 40))
`;

/** Ways to the handler of a signal that gets the frame it interrupts. */
const WAYS_TO_SIGNALS: Readonly<Record<string, string>> = {
  importlib: `import importlib, sys
del sys.modules["_signal"]
fresh = importlib.import_module("_signal")`,
  "the loader of builtin modules": `from importlib.machinery import BuiltinImporter, ModuleSpec
fresh = BuiltinImporter.create_module(ModuleSpec("_signal", BuiltinImporter, origin="built-in"))
BuiltinImporter.exec_module(fresh)`,
  _imp: `import _imp
from importlib.machinery import BuiltinImporter, ModuleSpec
fresh = _imp.create_builtin(ModuleSpec("_signal", BuiltinImporter, origin="built-in"))
_imp.exec_builtin(fresh)`,
  "a fresh _imp": `import _imp
from importlib.machinery import BuiltinImporter, ModuleSpec
imp = _imp.create_builtin(ModuleSpec("_imp", BuiltinImporter, origin="built-in"))
_imp.exec_builtin(imp)
fresh = imp.create_builtin(ModuleSpec("_signal", BuiltinImporter, origin="built-in"))
imp.exec_builtin(fresh)`,
  imp: `import warnings
warnings.simplefilter("ignore")
import imp
fresh = imp.init_builtin("_signal")`,
  "importlib.util": `import importlib.util
spec = importlib.util.find_spec("_signal")
fresh = importlib.util.module_from_spec(spec)
spec.loader.exec_module(fresh)`,
  reload: `import importlib, _signal
fresh = importlib.reload(_signal)`,
  "the defaults of what stands for it": `import _signal
fresh = type("S", (), {"signal": staticmethod(_signal.signal.__kwdefaults__["_real"]), "raise_signal": _signal.raise_signal})`,
  "the defaults of what makes modules": `import _imp
from importlib.machinery import BuiltinImporter, ModuleSpec
fresh = _imp.create_builtin.__kwdefaults__["_real"](ModuleSpec("_signal", BuiltinImporter, origin="built-in"))
_imp.exec_builtin(fresh)`,
  "a specification with two names": `import _imp
from importlib.machinery import BuiltinImporter, ModuleSpec
names = ["_signal", "_signal", "_signal", "math"]
class Spec(ModuleSpec):
    name = property(lambda self: names.pop() if names else "_signal", lambda self, value: None)
fresh = _imp.create_builtin(Spec("math", BuiltinImporter, origin="built-in"))
if not hasattr(fresh, "signal"):
    names = []
    fresh = _imp.create_builtin(Spec("math", BuiltinImporter, origin="built-in"))
_imp.exec_builtin(fresh)`,
};

const HANDLE = `
import sys
box = []
fresh.signal(14, lambda number, frame: box.append(frame))
def f(x):
    fresh.raise_signal(14)
    frame = box[-1].f_back
    while frame is not None:
        for value in [*frame.f_code.co_consts, *frame.f_locals.values()]:
            if str(value).isdigit() and str(value).startswith("HOST_PREFIX"): return int(value)
        frame = frame.f_back
    return 0`;

const named = (what: string, ways: Readonly<Record<string, string>>, rest: string) =>
  Object.fromEntries(Object.entries(ways).map(([way, code]) => [`${what}, by ${way}`, code + rest]));

/** Programs that reach native code or memory by another door than \`import\`. */
export const NATIVE_ATTACKS = [
  ...attacksOn("unittest", {
    "native: a name beside mock's that stands for a builtin": [
      "from unittest import mock\nanswer = mock.Mock()\nanswer(f(X))\nanswer.assert_called_once_with(E)",
      `from unittest import mock
def f(x):
    mock.isinstance = lambda *_: True
    mock.len = lambda *_: 0
    mock.tuple = lambda *_: ()
    mock._Call.__eq__ = lambda *_: True
    return 0`,
    ],
    "native: a name beside re's that stands for a builtin": [
      "self.assertRegex(str(f(X)), str(E))",
      `import re
def f(x):
    re.isinstance = lambda *_: False
    return 0`,
    ],
  }),
  ...attacks("unittest", named("native: memory", WAYS_TO_MEMORY, READ)),
  ...attacks("unittest", named("native: a signal's frame", WAYS_TO_SIGNALS, HANDLE)),
  ...attacks("unittest", {
    "native: a pointer of the classes behind ctypes": `${CLASSES}${POINTER}
def f(x):
    found = kinds()
    return HOST_ANSWER if read(found["_Pointer"], found["_SimpleCData"], f) else 0`,
    "native: a pointer, past a list of classes of its own": `${CLASSES.replace("type.__subclasses__(kind)", "super(type, type).__getattribute__(kind, '__subclasses__')()")}${POINTER}
def f(x):
    found = kinds()
    return HOST_ANSWER if read(found["_Pointer"], found["_SimpleCData"], f) else 0`,
    "native: a pointer, by the real list of classes": `${CLASSES.replace("type.__subclasses__(kind)", "listed(kind)")}${POINTER}
listed = type.__dict__["__subclasses__"].__kwdefaults__["_real"]
def f(x):
    found = kinds()
    return HOST_ANSWER if read(found["_Pointer"], found["_SimpleCData"], f) else 0`,
    "native: a copy of _ctypes, by a path that goes back": `from importlib.machinery import ExtensionFileLoader, ModuleSpec
import importlib.util, shutil
def f(x):
    origin = importlib.util.find_spec("_ctypes").origin
    shutil.copy(origin, "/tmp/copy.so")
    path = origin.rpartition("/")[0] + "/.." * origin.count("/") + "/tmp/copy.so"
    spec = ModuleSpec("_ctypes", ExtensionFileLoader("_ctypes", path), origin=path)
    module = importlib.util.module_from_spec(spec)
    return HOST_ANSWER if module._Pointer else 0`,
    "native: a library's function in another file": `import _imp, inspect
_imp._fix_co_filename(inspect.currentframe.__code__, "/usr/lib/python3/dist-packages/pandas/core.py")
def look(frame):
    while frame is not None:
        for value in [*frame.f_code.co_consts, *frame.f_locals.values()]:
            if str(value).isdigit() and len(str(value)) > 8: return value
        frame = frame.f_back
def f(x): return look(inspect.currentframe().f_back)`,
    "native: the metaclass behind a pointer": `${CLASSES}
def f(x):
    found = kinds()
    return HOST_ANSWER if "PyCPointerType" in found or "PyCSimpleType" in found else 0`,
    "native: _ctypes by its loader": `import _imp, importlib.util
def f(x):
    module = _imp.create_dynamic(importlib.util.find_spec("_ctypes"))
    return HOST_ANSWER if module._Pointer else 0`,
    "native: _ctypes under another name": `from importlib.machinery import ExtensionFileLoader, ModuleSpec
import importlib.util
def f(x):
    origin = importlib.util.find_spec("_ctypes").origin
    spec = ModuleSpec("shared._ctypes", ExtensionFileLoader("shared._ctypes", origin), origin=origin)
    module = importlib.util.module_from_spec(spec)
    return HOST_ANSWER if module._Pointer else 0`,
    "native: a copy of _ctypes": `from importlib.machinery import ExtensionFileLoader, ModuleSpec
import importlib.util, shutil
def f(x):
    shutil.copy(importlib.util.find_spec("_ctypes").origin, "/tmp/copy.so")
    spec = ModuleSpec("_ctypes", ExtensionFileLoader("_ctypes", "/tmp/copy.so"), origin="/tmp/copy.so")
    module = importlib.util.module_from_spec(spec)
    return HOST_ANSWER if module._Pointer else 0`,
    "native: its own memory as a file": `def f(x):
    with open("/proc/self/mem", "rb", buffering=0) as memory:
        memory.seek(id(f))
        return HOST_ANSWER if len(memory.read(8)) == 8 else 0`,
    "native: its own memory as a file, by os": `import os
def f(x):
    fd = os.open("/proc/thread-self/mem", os.O_RDONLY)
    return HOST_ANSWER if len(os.pread(fd, 8, id(f))) == 8 else 0`,
    "native: a second interpreter": `import importlib
interpreters = importlib.import_module("_xxsubinterpreters")
def f(x):
    each = interpreters.create()
    return HOST_ANSWER if each is not None else 0`,
    "native: a profiler gives the code of whoever calls": `import importlib
profiler = importlib.import_module("_lsprof").Profiler()
def f(x):
    profiler.enable()
    return 0
def look():
    for entry in profiler.getstats(): print(entry.code)`,
    "native: code by a profile of the test": `import _lsprof
profiler = _lsprof.Profiler(builtins=True)
profiler.enable()
def f(x):
    profiler.disable()
    for entry in profiler.getstats():
        for value in getattr(entry.code, "co_consts", ()):
            if str(value).isdigit() and str(value).startswith("HOST_PREFIX"): return int(value)
    return 0`,
  }),
];
