import { attacks } from "./attack.ts";

/** Programs that use up what they can get. */
export const RESOURCE_ATTACKS = [
  ...attacks("stdio", {
    "fork bomb": `import os
while True:
    try: os.fork()
    except OSError: pass`,
    "thread bomb": `import threading, time
while True:
    try: threading.Thread(target=time.sleep, args=(60,)).start()
    except RuntimeError: time.sleep(0.01)`,
    "processes that allocate together": `import os, time
for _ in range(12):
    if os.fork() == 0:
        keep = bytearray(200 << 20)
        for i in range(0, len(keep), 4096): keep[i] = 1
        time.sleep(60)
time.sleep(60)`,
    "memory in one object": `x = bytearray(1 << 40)`,
    "memory step by step": `x = []
while True: x.append(bytearray(1 << 20))`,
    "memory that survives MemoryError": `x = []
while True:
    try: x.append(bytearray(1 << 20))
    except MemoryError: pass`,
    "stdout flood": `import sys
while True: sys.stdout.write("x" * 65536)`,
    "stderr flood": `import sys
while True: sys.stderr.write("x" * 65536)`,
    "stdout flood through the descriptor": `import os
while True:
    try: os.write(1, b"x" * 65536)
    except OSError: pass`,
    "full scratch folder": `n = 0
while True:
    n += 1
    with open("/tmp/f%d" % n, "wb") as f: f.write(b"x" * (1 << 20))`,
    "full shared memory": `n = 0
while True:
    n += 1
    with open("/dev/shm/f%d" % n, "wb") as f: f.write(b"x" * (1 << 20))`,
    "many empty files": `n = 0
while True:
    n += 1
    open("/tmp/f%d" % n, "w").close()`,
    "folders nested beyond any path": `import os
os.chdir("/tmp")
while True:
    os.mkdir("d" * 200)
    os.chdir("d" * 200)`,
    "scratch folder without rights": `import os
os.mkdir("/tmp/locked")
open("/tmp/locked/file", "w").close()
os.chmod("/tmp/locked", 0)
os.chmod("/tmp", 0)`,
    "anonymous memory files": `import os, ctypes
libc = ctypes.CDLL(None)
while True:
    fd = libc.memfd_create(b"x", 0)
    if fd >= 0: os.write(fd, b"x" * (1 << 19))`,
    "endless loop": `while True: pass`,
    "endless loop in C code": `import re
re.match("(a*)*b", "a" * 64)`,
    "endless loop in one C call": `10 ** 10 ** 10`,
    "endless sleep": `import time
time.sleep(10 ** 6)`,
    "endless loop that catches everything": `import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
while True:
    try:
        while True: pass
    except BaseException: pass`,
    "waiting for input that never comes": `import os
r, w = os.pipe()
os.read(r, 1)`,
    "stopped by its own signal": `import os, signal
os.kill(os.getpid(), signal.SIGSTOP)`,
    "CPU time spread over children": `import os
for _ in range(6):
    if os.fork() == 0:
        while True: pass
os.wait()`,
    "source that explodes in the compiler": `${"(".repeat(5000)}${")".repeat(5000)}`,
    "constant that explodes in the compiler": `x = ((((9,) * 9 ** 9) * 9 ** 9) * 9 ** 9)`,
    "recursion without end": `import sys
sys.setrecursionlimit(10 ** 9)
def f(): return f()
f()`,
    "crash of the interpreter": `import ctypes
ctypes.string_at(0)`,
    "higher limits": `import resource
for which in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
    try: resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (ValueError, OSError): pass
while True: pass`,
    "lower limits for the server": `import resource
for which in (resource.RLIMIT_NOFILE, resource.RLIMIT_AS, resource.RLIMIT_CPU):
    try: resource.prlimit(1, which, (1, 1))
    except OSError: pass`,
  }),
];
