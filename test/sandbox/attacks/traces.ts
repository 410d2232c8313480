import { attacks } from "./attack.ts";

/** Programs that leave something for those that come after them, or hold more than they may. */
export const TRACE_ATTACKS = [
  ...attacks("stdio", {
    "traces: ports that wait": `import socket
for port in (8080, 5000, 12345):
    a = socket.socket()
    a.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    a.bind(("127.0.0.1", port)); a.listen()
    c = socket.create_connection(("127.0.0.1", port)); s, _ = a.accept()
    s.close(); c.recv(1); c.close()
print("nothing")`,
    "traces: ports that wait, of IPv6": `import socket
a = socket.socket(socket.AF_INET6); a.bind(("::1", 8081)); a.listen()
c = socket.create_connection(("::1", 8081)); s, _ = a.accept()
s.close(); c.recv(1); c.close()
print("nothing")`,
    "traces: a connection that is never closed": `import socket, os
a = socket.socket(); a.bind(("127.0.0.1", 8082)); a.listen()
c = socket.create_connection(("127.0.0.1", 8082)); s, _ = a.accept()
c.send(b"x" * 100000)
os._exit(0)`,
    "traces: a datagram to itself": `import socket
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); a.bind(("127.0.0.1", 8083))
a.sendto(b"x", ("127.0.0.1", 8083))
print("nothing")`,
    "traces: a listener in a grandchild": `import os, socket, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        a = socket.socket(); a.bind(("127.0.0.1", 8084)); a.listen()
        time.sleep(60)
    os._exit(0)
os.wait()
print("nothing")`,
    "traces: priority of its user": `import os
try: os.setpriority(os.PRIO_USER, 0, 19)
except OSError: pass
print("nothing")`,
    "traces: priority of its group": `import os
try: os.setpriority(os.PRIO_PGRP, 0, 19)
except OSError: pass
print("nothing")`,
    "traces: priority of the server": `import os
for pid in (1, os.getppid()):
    try: os.setpriority(os.PRIO_PROCESS, pid, 19)
    except OSError: pass
print("nothing")`,
    "traces: priority of all, by the call itself": `import ctypes, platform
number = {"x86_64": 141, "aarch64": 140}.get(platform.machine(), 141)
for which in (1, 2, 3):
    for who in (0, 1): ctypes.CDLL(None).syscall(number, which, who, 19)
print("nothing")`,
    "traces: priority of the session": `import subprocess
subprocess.run(["sh", "-c", "echo 19 > /proc/self/autogroup; echo 19 > /proc/1/autogroup"], stderr=subprocess.DEVNULL)
print("nothing")`,
    "traces: processors of the server": `import os
for pid in (1, os.getppid()):
    try: os.sched_setaffinity(pid, {0})
    except OSError: pass
os.sched_setaffinity(0, {0})
print("nothing")`,
    "traces: limits of the server": `import os, resource
for pid in (1, os.getppid()):
    try: resource.prlimit(pid, resource.RLIMIT_NOFILE, (16, 16))
    except OSError: pass
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
print("nothing")`,
    "traces: rights of the scratch folders": `import os
for folder in ("/tmp", "/dev/shm"):
    for mode in (0o700, 0o500, 0):
        try: os.chmod(folder, mode)
        except OSError: pass
print("nothing")`,
    "traces: files that can hardly be removed": `import os
os.makedirs("/tmp/a/b/c")
open("/tmp/a/b/c/\\udc80\\n", "w").close()
os.mkfifo("/tmp/fifo")
os.symlink("/tmp", "/tmp/round")
os.link("/tmp/fifo", "/tmp/second")
os.chmod("/tmp/a/b", 0)
print("nothing")`,
    "traces: named semaphores and shared memory": `import _posixshmem, os
_posixshmem.shm_open("/kept", os.O_CREAT | os.O_RDWR, 0o600)
import multiprocessing.synchronize
lock = multiprocessing.synchronize.Lock()
os._exit(0)`,
    "traces: a socket with a name of no file": `import os, socket, time
if os.fork() == 0:
    a = socket.socket(socket.AF_UNIX); a.bind("\\0kept"); a.listen()
    time.sleep(60)
print("nothing")`,
    "traces: signals and timers": `import os, signal
signal.setitimer(signal.ITIMER_REAL, 0.3)
for pid in (1, os.getppid(), 0, -1):
    for number in (signal.SIGALRM, signal.SIGUSR1, signal.SIGCHLD, signal.SIGSTOP, signal.SIGTERM, signal.SIGHUP):
        if pid in (0, -1) and number != signal.SIGCHLD: continue
        try: os.kill(pid, number)
        except OSError: pass
print("nothing")`,
    "traces: locks on its files": `import fcntl
for number in (0, 1, 2, 3):
    try: fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError: pass
    try: fcntl.lockf(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError: pass
print("nothing")`,
    "traces: the network's devices": `import fcntl, socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try: fcntl.ioctl(s, 0x8914, struct.pack("16sh14x", b"lo", 0))
except OSError: pass
print("nothing")`,
    "traces: the host's name": `import socket
try: socket.sethostname("changed")
except OSError: pass
print("nothing")`,
    "room: shared memory of many": `import mmap, os, time
r, w = os.pipe()
for _ in range(6):
    if os.fork() == 0:
        m = mmap.mmap(-1, 200 << 20)
        for at in range(0, 200 << 20, 4096): m[at] = 1
        os.write(w, b"x")
        time.sleep(60)
for _ in range(6): os.read(r, 1)
time.sleep(0.3)
print(2 * int(input()))`,
    "room: shared memory out of sight": `import mmap, os, time
r, w = os.pipe()
for _ in range(6):
    if os.fork() == 0:
        m = mmap.mmap(-1, 240 << 20)
        for at in range(0, 240 << 20, 1 << 20):
            for page in range(at, at + (1 << 20), 4096): m[page] = 1
            m.madvise(mmap.MADV_DONTNEED, at, 1 << 20)
        os.write(w, b"x")
        time.sleep(60)
for _ in range(6): os.read(r, 1)
time.sleep(0.3)
print(2 * int(input()))`,
    "room: buffers of sockets": `import os, socket, time
r, w = os.pipe()
for _ in range(10):
    if os.fork() == 0:
        keep = []
        try:
            while True:
                pair = socket.socketpair()
                keep += pair
                for each in pair:
                    each.setblocking(False)
                    try:
                        while True: each.send(b"x" * 65536)
                    except BlockingIOError: pass
        except OSError: pass
        os.write(w, b"x")
        time.sleep(60)
for _ in range(10): os.read(r, 1)
time.sleep(0.3)
print(2 * int(input()))`,
    "room: private memory after a fork": `import os, time
for _ in range(8):
    if os.fork() == 0:
        keep = bytearray(150 << 20)
        for at in range(0, len(keep), 4096): keep[at] = 1
        time.sleep(60)
time.sleep(1)
print(2 * int(input()))`,
    "room: files in the scratch folder, mapped": `import mmap, os
keep = []
for n in range(300):
    fd = os.open("/tmp/f%d" % n, os.O_CREAT | os.O_RDWR)
    os.ftruncate(fd, 1 << 20)
    m = mmap.mmap(fd, 1 << 20)
    for at in range(0, 1 << 20, 4096): m[at] = 1
    os.close(fd)
    keep.append(m)
print(2 * int(input()))`,
  }),
];
