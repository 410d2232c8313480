import { attacks } from "./attack.ts";

/** Programs that reach for the host: files, processes, network, environment, kernel. */
export const HOST_ATTACKS = [
  ...attacks("stdio", {
    "read a file of the host": `print(open("HOST_FILE").read())`,
    "read files of the system": `for path in ("/etc/passwd", "/etc/shadow", "/etc/hostname", "/root/.bashrc", "/proc/1/environ", "/proc/1/cmdline"):
    try: print(open(path).read())
    except OSError: pass`,
    "write a file of the host": `open("HOST_FILE", "w").write("changed")`,
    "remove a folder of the host": `import shutil
shutil.rmtree("HOST_FOLDER")`,
    "write next to the interpreter": `import os, sys
for path in (sys.prefix, os.path.dirname(os.__file__), "/usr/lib", "/opt/funprm", "/", "/etc", "/dev"):
    try:
        open(path + "/attack.py", "w").close()
        print("wrote", path)
    except OSError: pass`,
    "change the server's own code": `import os
for name in os.listdir("/opt/funprm"):
    try: open("/opt/funprm/" + name, "a").write("\\nraise SystemExit")
    except OSError: pass`,
    "climb out by links": `import os
os.symlink("/", "/tmp/root")
print(os.listdir("/tmp/root/../../../../HOST_FOLDER"))`,
    "climb out through /proc": `import os
for pid in os.listdir("/proc"):
    if pid.isdigit():
        for way in ("root", "cwd", "exe", "fd"):
            try: print(os.listdir("/proc/%s/%s/HOST_FOLDER" % (pid, way)))
            except OSError: pass`,
    environment: `import os
print(os.environ)
for pid in os.listdir("/proc"):
    if pid.isdigit():
        try: print(open("/proc/%s/environ" % pid).read())
        except OSError: pass`,
    "TCP to the host": `import socket
socket.create_connection(("127.0.0.1", HOST_PORT), timeout=1).send(b"hello")`,
    "UDP to the host and beyond": `import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for host in ("127.0.0.1", "10.0.0.1", "8.8.8.8", "255.255.255.255"):
    try: s.sendto(b"hello", (host, HOST_PORT))
    except OSError: pass`,
    "raw and packet sockets": `import socket
socket.socket(socket.AF_PACKET, socket.SOCK_RAW)`,
    "sockets of the system": `import socket
for path in ("/run/docker.sock", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private"):
    try: socket.socket(socket.AF_UNIX).connect(path); print("connected", path)
    except OSError: pass`,
    "kill a process of the host": `import os, signal
os.kill(HOST_PID, signal.SIGKILL)`,
    "kill everything": `import os, signal
os.kill(-1, signal.SIGKILL)`,
    "kill the parent": `import os, signal
for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP, signal.SIGINT, signal.SIGSEGV, signal.SIGHUP):
    os.kill(os.getppid(), number)
    os.kill(1, number)`,
    "kill every number": `import os, signal
for pid in range(1, 400):
    if pid != os.getpid():
        try: os.kill(pid, signal.SIGKILL)
        except OSError: pass`,
    "trace the parent": `import ctypes
libc = ctypes.CDLL(None)
print(libc.ptrace(16, 1, 0, 0), libc.ptrace(0x4206, 1, 0, 0))`,
    "trace itself and stop": `import ctypes, os, signal
ctypes.CDLL(None).ptrace(0, 0, 0, 0)
os.kill(os.getpid(), signal.SIGSTOP)`,
    "read the parent's memory": `print(open("/proc/1/maps").read())
with open("/proc/1/mem", "rb") as memory: memory.read(1)`,
    "write the parent's memory": `import re
for line in open("/proc/1/maps"):
    if "rw-p" in line:
        start = int(line.split("-")[0], 16)
        with open("/proc/1/mem", "r+b") as memory:
            memory.seek(start)
            memory.write(b"\\0" * 64)`,
    "take the parent's descriptors": `import ctypes, os
libc = ctypes.CDLL(None)
pidfd = libc.syscall(434, 1, 0)
for number in range(3, 20):
    fd = libc.syscall(438, pidfd, number, 0)
    if fd >= 0: os.write(fd, b"forged")
for number in range(3, 20):
    try: os.write(os.open("/proc/1/fd/%d" % number, os.O_WRONLY), b"forged")
    except OSError: pass`,
    "write to every descriptor": `import os
for number in range(2, 300):
    try: os.write(number, b"\\x00\\x00\\x00\\x20\\x00\\x00\\x00\\x1c{\\"status\\": \\"exited\\", \\"blobs\\": []}")
    except OSError: pass`,
    "close every descriptor": `import os
os.closerange(0, 300)`,
    "a new user namespace": `import ctypes, os
libc = ctypes.CDLL(None)
if libc.unshare(0x10000000) == 0:
    libc.unshare(0x00020000)
    libc.mount(b"proc", b"/tmp", b"proc", 0, 0)
    print(os.listdir("/tmp"))`,
    "mount and chroot": `import ctypes, os
libc = ctypes.CDLL(None)
libc.mount(b"/", b"/tmp", b"", 4096, 0)
libc.umount2(b"/usr", 2)
os.chroot("/tmp")`,
    "become root": `import os
for change in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):
    try: change(); print("changed")
    except OSError: pass`,
    "settings of the kernel": `for path in ("/proc/sys/kernel/hostname", "/proc/sysrq-trigger", "/proc/sys/vm/drop_caches", "/sys/power/state", "/dev/mem"):
    try: open(path, "w").write("b"); print("wrote", path)
    except OSError: pass`,
    "type into the terminal": `import fcntl, termios
for char in "touch HOST_FOLDER/typed\\n":
    fcntl.ioctl(0, termios.TIOCSTI, char)`,
    "grandchildren that hold the pipes": `import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)`,
    "grandchildren that answer later": `import os, time
if os.fork() == 0:
    os.setsid()
    time.sleep(0.3)
    for number in range(0, 30):
        try: os.write(number, b"42\\n")
        except OSError: pass
    os._exit(0)
os._exit(0)`,
    "a daemon that waits for the next program": `import os, time, glob
for _ in range(2):
    if os.fork(): os._exit(0)
    os.setsid()
while True:
    for pid in os.listdir("/proc"):
        if pid.isdigit() and int(pid) not in (1, os.getpid()):
            try: os.kill(int(pid), 9)
            except OSError: pass
    time.sleep(0.001)`,
    "leftovers for the next program": `import os
for name in ("sitecustomize.py", "usercustomize.py", "math.py", "json.py", "solution.py"):
    open("/tmp/" + name, "w").write("raise SystemExit(9)")
os.makedirs("/tmp/.local/lib", exist_ok=True)`,
    "memory shared with the next program": `import ctypes
libc = ctypes.CDLL(None)
print(libc.shmget(1234, 4096, 0o1666), libc.semget(1, 1, 0o1666), libc.msgget(1, 0o1666))`,
    "settings left on the files of the next program": `import ctypes, fcntl, os
libc = ctypes.CDLL(None)
for fd in range(4):
    for change in (
        lambda: os.fchmod(fd, 0),
        lambda: fcntl.fcntl(fd, fcntl.F_SETFL, os.O_APPEND | os.O_NONBLOCK | os.O_ASYNC),
        lambda: fcntl.fcntl(fd, 1033, 15),  # F_ADD_SEALS: no shrinking, growing, writing
        lambda: fcntl.flock(fd, fcntl.LOCK_EX),
        lambda: fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK),
        lambda: os.setxattr(fd, "user.note", b"for the next one"),
        lambda: os.ftruncate(fd, 1 << 20),
        lambda: os.lseek(fd, 1 << 19, 0),
    ):
        try: change()
        except OSError: pass
    libc.fsetxattr(fd, b"user.note", b"x", 1, 0)`,
    "write to the files again by their names": `import os
for fd in range(4):
    again = os.open("/proc/self/fd/%d" % fd, os.O_RDWR)
    os.pwrite(again, b"424242\n" * 1000, 0)
    os.set_inheritable(again, True)`,
    "patch the interpreter for the next program": `import builtins, sys, os
builtins.print = lambda *a: None
sys.stdin = None
os._exit(0)`,
  }),
];
