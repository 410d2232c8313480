import { attacks } from "./attack.ts";

const OUT = "def f(x): return 0";

/** Programs that go for the grader, for the report on its way to it, or for whoever comes next. */
export const OUTSIDE_ATTACKS = [
  ...attacks("stdio", {
    "outside: millions of empty lines": `import sys
sys.stdout.write("1\\n" * 520000)`,
    "outside: white space around nothing": `import sys
sys.stdout.write("\\u2003" * 300000)
sys.stdout.write("a" + "\\x1c\\x85\\u3000" * 40000)`,
    "outside: digits without end": `print("9" * 1000000 + "e" + "9" * 18)`,
    "outside: an exponent that nobody writes out": `print("1e999999999999999999")
print("-1e-999999999999999999")`,
    "outside: bytes that are no text": `import sys
sys.stdout.buffer.write(bytes(range(256)) * 2000 + b"\\xff\\xfe" + "\\ud800".encode("utf-8", "surrogatepass"))`,
    "outside: an answer, and zeros over it": `import os, sys
print("HOST_ANSWER"[:0], flush=True)
os.lseek(1, 900000, 0)
os.write(1, b"0")`,
    "outside: output cut after the end": `import os
os.ftruncate(1, 1 << 19)`,
    "outside: input written over": `import os
os.pwrite(0, b"0\\n" * 1000, 0)
print(int(input()) * 2)`,
    "outside: input of the one before": `import os, re
os.lseek(0, 0, os.SEEK_END)
for name in range(3, 256):
    try: print(os.pread(name, 1 << 16, 0).decode())
    except OSError: pass`,
    "outside: a report that is a pass": `import os
os.write(3, b'{"outcome": "pass"}')`,
    "outside: a report of another kind": `import os
os.write(3, b'["__proto__", {"toString": null}]')`,
    "outside: exit with the code of the sandbox's own": `import os
os._exit(121)`,
    "outside: ended by every signal": `import os, signal
for number in (signal.SIGXCPU, signal.SIGSYS, signal.SIGBUS):
    if os.fork() == 0: os.kill(os.getpid(), number)
    os.wait()
os.kill(os.getpid(), signal.SIGSYS)`,
    "outside: limits of CPU set down to nothing": `import resource
resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
while True: pass`,
    "outside: a size of files set down to nothing": `import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1, 1))
print(1234567)`,
    "outside: a clock of its own": `import time
for clock in (time.CLOCK_REALTIME, time.CLOCK_MONOTONIC):
    try: time.clock_settime(clock, 0)
    except OSError: pass
import ctypes
class Timex(ctypes.Structure): _fields_ = [("modes", ctypes.c_uint), ("rest", ctypes.c_long * 60)]
print(ctypes.CDLL(None).adjtimex(ctypes.byref(Timex(modes=0x4000))) * 0)`,
    "outside: threads that never end after the program": `import threading, time
for _ in range(8): threading.Thread(target=lambda: time.sleep(1e6)).start()`,
    "outside: an exit handler that registers itself": `import atexit
def again(): atexit.register(again)
atexit.register(again)
again()
while True:
    atexit._run_exitfuncs()`,
    "outside: names that a shell would run": `import os
os.makedirs("/tmp/$(touch x)\\n;\\x1b[2J", exist_ok=True)
open("/tmp/-rf", "w").close()
open(b"/tmp/\\xff\\xfe", "w").close()
os.mkfifo("/tmp/fifo")
os.symlink("/", "/tmp/root")`,
    "outside: hard links between the scratch folders": `import os
open("/tmp/a", "w").write("x" * 100000)
for n in range(3000): os.link("/tmp/a", "/tmp/a%d" % n)
for n in range(3000):
    try: os.link("/tmp/a", "/dev/shm/b%d" % n)
    except OSError: pass`,
    "outside: a file open in a message": `import array, os, socket
a, b = socket.socketpair()
for n in range(50):
    fd = os.open("/tmp/held%d" % n, os.O_RDWR | os.O_CREAT)
    os.write(fd, b"x" * 1000000)
    try: a.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd, b.fileno()]))])
    except OSError: pass
    os.close(fd)
    os.unlink("/tmp/held%d" % n)`,
    "outside: a lease and a notice on the files": `import fcntl, os
for fd in range(4):
    for command in (fcntl.F_SETLEASE, fcntl.F_NOTIFY, fcntl.F_SETOWN, fcntl.F_SETSIG, 1033):
        try: fcntl.fcntl(fd, command, 1)
        except OSError: pass`,
    "outside: seals on its output": `import fcntl
for fd in range(4):
    for seal in (1, 2, 4, 8, 16):
        try: fcntl.fcntl(fd, 1033, seal)
        except OSError: pass`,
    "outside: holes punched and files preallocated": `import os
for fd in (0, 1, 2, 3):
    try: os.posix_fallocate(fd, 0, 1 << 19)
    except OSError: pass
os.posix_fallocate(os.open("/tmp/big", os.O_RDWR | os.O_CREAT), 0, 1 << 20)`,
    "outside: many pipes full": `import os
kept = []
for _ in range(110):
    r, w = os.pipe()
    kept.append((r, w))
    os.set_blocking(w, False)
    try:
        import fcntl
        fcntl.fcntl(w, 1031, 1 << 20)
        while True: os.write(w, b"x" * 65536)
    except OSError: pass`,
    "outside: memory of the kernel, by watches and timers": `import ctypes, os, select
libc = ctypes.CDLL(None)
for _ in range(200):
    libc.inotify_init(); libc.eventfd(0, 0); select.epoll()
for n in range(20000): libc.timer_create(1, None, ctypes.byref(ctypes.c_void_p()))`,
    "outside: locked memory and huge pages": `import mmap, ctypes
m = mmap.mmap(-1, 64 << 20)
libc = ctypes.CDLL(None)
libc.mlockall(3)
for advice in (12, 14, 21, 100): libc.madvise(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(m))), 64 << 20, advice)`,
    "outside: a name for the process and none to be read": `import ctypes
libc = ctypes.CDLL(None)
libc.prctl(15, b"fork_server", 0, 0, 0)
libc.prctl(4, 0, 0, 0, 0)
libc.prctl(36, 1, 0, 0, 0)
libc.prctl(1, 9, 0, 0, 0)
libc.prctl(59, 1, 0, 0, 0)
import os
while os.fork() == 0: os.setsid()`,
    "outside: a locale and a time zone for the next": `import locale, os, time
for name in ("de_DE.UTF-8", "tr_TR.UTF-8", "C"):
    try: locale.setlocale(locale.LC_ALL, name)
    except locale.Error: pass
os.environ["TZ"] = "Asia/Tokyo"; time.tzset()
os.environ["PYTHONHASHSEED"] = "7"
os.environ["LD_PRELOAD"] = "/tmp/x.so"
import random
random.seed(5)`,
    "outside: modules and bytecode of the next": `import os
for folder in ("/tmp", "/dev/shm"):
    for name in ("math.py", "sitecustomize.py", "usercustomize.py", "x.pth", "solution.py", "random.py"):
        open(os.path.join(folder, name), "w").write("raise SystemExit(0)")
os.makedirs("/tmp/.local/lib/python3.11/site-packages")
open("/tmp/.local/lib/python3.11/site-packages/x.pth", "w").write("import os; os._exit(0)")`,
  }),
  ...attacks("call", {
    "outside: an answer with a prototype": `import os
os.write(3, b'={"__proto__": {"t": []}}\\n')
def f(x): os._exit(0)`,
    "outside: an answer in half": `import os
def f(x):
    os.write(3, b"=HOST_ANSWER"[:7])
    os._exit(0)`,
    "outside: lines between lines": `import os
os.write(3, b"\\n\\n\\r\\n=")
${OUT}`,
    "outside: a range without end": `def f(x): return range(-10**300, 10**300, 7)`,
    "outside: a complex of nothing": `def f(x): return complex("nan+infj")`,
    "outside: a dictionary in a dictionary's key": `class H(dict):
    def __hash__(self): return 1
def f(x): return {H(a=1): H(), (H(),): 1}`,
    "outside: a set that grows while it is read": `class S(set):
    def __iter__(self):
        while True: yield 0
def f(x): return S([1])`,
    "outside: a number that changes its base": `class N(int):
    def __add__(self, other): return 1
    def __index__(self): return 1
    __class__ = str
def f(x): return N(5)`,
    "outside: encoders replaced by name": `import sys
for module in list(sys.modules.values()):
    for name in ("_plain", "_rare", "_write_all", "_encode", "write_all"):
        if hasattr(module, name): setattr(module, name, lambda *a: "HOST_ANSWER")
${OUT}`,
    "outside: builtins of the encoder": `import builtins
builtins.type = lambda *a: int
builtins.str = lambda *a: "[1]"
builtins.isinstance = lambda *a: True
${OUT}`,
    "outside: an exception whose name is a verdict": `E = type("pass", (Exception,), {"__str__": lambda self: "\\x00\\u2028" * 9999})
def f(x): raise E`,
    "outside: an exception of exceptions": `class E(Exception):
    def __str__(self): raise E
    __repr__ = __str__
def f(x): raise E from E`,
  }),
  ...attacks("evalplus", {
    "outside: an answer by a digest": `import os
os.write(3, b'={"h":"0000000000000000000000000000000000000000000000000000000000000000, 1 characters"}\\n')
def f(x): os._exit(0)`,
    "outside: an answer taken back": `import os, time
def f(x):
    os.write(3, b"=0\\n")
    time.sleep(0.2)
    os.ftruncate(3, 0)
    return 0`,
    "outside: answers written behind a hole": `import os
def f(x):
    os.lseek(3, 5000, 0)
    return 0`,
    "outside: the end of lines without lines": `import os
def f(x):
    os.write(3, b"=1" * 100000)
    return 0`,
    "outside: an iterator for a number": `def f(x): return iter([0])`,
  }),
  ...attacks("check", {
    "outside: a channel full of answers": `import json, os, struct
head = json.dumps({"ready": True, "blobs": []}).encode()
frame = struct.pack(">II", 4 + len(head), len(head)) + head
def f(x):
    os.set_blocking(5, False)
    try:
        while True: os.write(5, frame)
    except OSError: pass
    os._exit(0)`,
    "outside: a load that failed, said late": `import json, os, struct
def f(x):
    head = json.dumps({"load": ["ModuleNotFoundError", "numpy"], "blobs": []}).encode()
    os.write(5, struct.pack(">II", 4 + len(head), len(head)) + head)
    os._exit(0)`,
    "outside: a missing library, raised by the program": `def f(x): raise ModuleNotFoundError("No module named 'numpy'")`,
    "outside: a value that is no value": `import json, os, struct
def f(x):
    blob = b'{"n": [["a"], 3], "t": 4}'
    head = json.dumps({"changed": [], "blobs": [len(blob)]}).encode()
    os.write(5, struct.pack(">II", 4 + len(head) + len(blob), len(head)) + head + blob)
    os._exit(0)`,
    "outside: blobs that lie about their length": `import json, os, struct
def f(x):
    head = json.dumps({"changed": [0], "blobs": [-5, 10 ** 9, 3]}).encode()
    os.write(5, struct.pack(">II", 4 + len(head), len(head)) + head)
    os._exit(0)`,
    "outside: a tester that waits for ever": `import time
def f(x):
    while True: time.sleep(100)`,
    "outside: a stop in place of an answer": `import os, signal
def f(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0`,
    "outside: requests read by another": `import os
def f(x):
    if os.fork() == 0:
        while os.read(4, 1): pass
    return 0`,
  }),
];
