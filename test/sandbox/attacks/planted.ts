import { attacks } from "./attack.ts";

/** Ends the tester with a pass, in whatever process it is imported. */
const PASS = `import os
os.write(3, b'{"outcome": "pass"}')
os._exit(0)
`;

const MODULES = [
  "ast",
  "json",
  "decimal",
  "unittest",
  "numbers",
  "dis",
  "colorsys",
  "sitecustomize",
  "usercustomize",
];
const PLACES = [
  "/tmp",
  "/dev/shm",
  "/tmp/lib/python3/site-packages",
  "/tmp/.local/lib/python3.11/site-packages",
];

/** Programs that put something where the tester may find it. */
export const PLANTED_ATTACKS = [
  ...attacks(
    "check",
    Object.fromEntries(
      MODULES.map((name) => [
        `planted: ${name}.py`,
        `open("/tmp/${name}.py", "w").write(${JSON.stringify(PASS)})\ndef f(x): return 0`,
      ]),
    ),
  ),
  ...attacks(
    "check",
    Object.fromEntries(
      PLACES.map((place) => [
        `planted: in ${place}`,
        `import os\nos.makedirs("${place}", exist_ok=True)\nfor name in ("ast", "json", "colorsys", "decimal"):\n    open("${place}/%s.py" % name, "w").write(${JSON.stringify(PASS)})\ndef f(x): return 0`,
      ]),
    ),
  ),
  ...attacks("check", {
    "planted: a package": `import os
os.makedirs("/tmp/colorsys", exist_ok=True)
open("/tmp/colorsys/__init__.py", "w").write(${JSON.stringify(PASS)})
def f(x): return 0`,
    "planted: compiled only": `import importlib.util, marshal
code = compile(${JSON.stringify(PASS)}, "colorsys.py", "exec")
open("/tmp/colorsys.pyc", "wb").write(importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
def f(x): return 0`,
    "planted: a library of native code": `open("/tmp/colorsys.so", "wb").write(b"\\x7fELF")
def f(x): return 0`,
    "planted: a link to itself in the tester's folder": `import os
for pid in os.listdir("/proc"):
    if pid.isdigit() and pid != str(os.getpid()):
        try: open("/proc/%s/cwd/colorsys.py" % pid, "w").write(${JSON.stringify(PASS)})
        except OSError: pass
def f(x): return 0`,
    "planted: during the call": `def f(x):
    for name in ("ast", "json", "colorsys", "traceback", "re"):
        open("/tmp/%s.py" % name, "w").write(${JSON.stringify(PASS)})
    return 0`,
    "planted: locale files": `import os
os.makedirs("/tmp/locale", exist_ok=True)
os.environ["PYTHONPATH"] = "/tmp"
open("/tmp/pyvenv.cfg", "w").write("home = /tmp")
open("/tmp/x.pth", "w").write("import os; os._exit(0)")
def f(x): return 0`,
  }),
];
