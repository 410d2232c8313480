import { attacksOn } from "./attack.ts";

/** Looks for the expected answer among the constants of all frames above; for where the guard does not look. */
const LOOK = `import gc, signal, sys, threading, warnings, weakref
found = []
def look():
    frame, codes = sys._getframe(), []
    while frame:
        codes.append(frame.f_code)
        frame = frame.f_back
    while codes:
        for each in codes.pop().co_consts:
            if hasattr(each, "co_consts"): codes.append(each)
            if type(each) is int and str(each).startswith("HOST_PREFIX") and len(str(each)) == 12: found.append(each)
def above(level=3):
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        warnings.warn("x", stacklevel=level)
    return seen[0].filename.endswith("guard.py")
def own(): pass
def ask(): return own.__code__
`;
const ANSWER = `
    return found[0] if found else 0`;

/** One question alone: who has its answer and gives it to every question would fail the next one for no good reason. */
const ONCE = "self.assertEqual(f(X), E)";

const PROGRAMS: Readonly<Record<string, string>> = {
  "inside the hook: a collector's callback": `${LOOK}
def called(phase, info):
    if not found and above(): look()
gc.callbacks.append(called)
def f(x):
    gc.set_threshold(1, 1, 1)
    for _ in range(3000):
        if found: break
        ask(); eval(compile("lambda: 0", "n", "eval")).__code__
    gc.callbacks.clear()${ANSWER}`,
  "inside the hook: a finaliser of a cycle": `${LOOK}
class Bomb:
    def __del__(self):
        if not found and above(): look()
def f(x):
    gc.set_threshold(1, 1, 1)
    for _ in range(3000):
        if found: break
        bomb = Bomb(); bomb.me = bomb; del bomb
        ask()${ANSWER}`,
  "inside the hook: a weak reference's callback": `${LOOK}
class Node: pass
kept = []
def gone(_):
    if not found and above(): look()
def f(x):
    gc.set_threshold(1, 1, 1)
    for _ in range(3000):
        if found: break
        node = Node(); node.me = node; kept.append(weakref.ref(node, gone)); del node
        ask()${ANSWER}`,
  "inside the hook: a signal's handler": `${LOOK}
def handler(number, frame):
    if not found and (above(3) or above(4)): look()
def f(x):
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
    for _ in range(300000):
        if found: break
        ask()
    signal.setitimer(signal.ITIMER_REAL, 0)${ANSWER}`,
  "inside the hook: a handler that leaves it by an exception": `${LOOK}
class Hit(Exception): pass
def handler(number, frame): raise Hit
def f(x):
    signal.signal(signal.SIGALRM, handler)
    for delay in range(20000):
        if found: break
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.00001 + delay % 50 * 0.000001)
            while True: ask()
        except Hit as hit:
            trace = hit.__traceback__
            while trace.tb_next: trace, last = trace.tb_next, trace
            text = open("/opt/funprm/guard.py").read().splitlines()
            lines = []
            trace = hit.__traceback__
            while trace:
                lines.append(trace.tb_lineno)
                trace = trace.tb_next
            if any(0 < n <= len(text) and text[n - 1].strip() == "_busy.add(me)" for n in lines): look()
    signal.setitimer(signal.ITIMER_REAL, 0)${ANSWER}`,
  "inside the hook: a limit of recursion that another thread lowers": `${LOOK}
import time
sys.setswitchinterval(1e-6)
stop = []
def toggle():
    while not stop:
        try:
            sys.setrecursionlimit(30)
            sys.setrecursionlimit(1000)
        except RecursionError: pass
def deep(n):
    if n: return deep(n - 1)
    hits = 0
    end = time.time() + 0.8
    while time.time() < end:
        try: ask()
        except RecursionError: hits += 1
    return hits
def f(x):
    thread = threading.Thread(target=toggle); thread.start()
    try: hits = deep(40)
    except RecursionError: hits = -1
    stop.append(1); thread.join(); sys.setrecursionlimit(1000)
    if hits > 0: look()${ANSWER}`,
  "inside the hook: at the end of the stack": `${LOOK}
def down(n):
    try: look()
    except RecursionError: pass
    down(n + 1)
def f(x):
    sys.setrecursionlimit(80)
    def dive(n):
        try:
            if n: dive(n - 1)
            else: look()
        except RecursionError: pass
    for n in range(80, 20, -1): dive(n)
    sys.setrecursionlimit(1000)${ANSWER}`,
  "inside the hook: a thread of an ended one's number": `${LOOK}
import _thread
def quiet(): raise SystemExit
def f(x):
    for _ in range(20):
        _thread.start_new_thread(quiet, ())
    done = threading.Event()
    def late():
        try: look()
        finally: done.set()
    _thread.start_new_thread(late, ())
    done.wait(1)${ANSWER}`,
  "inside the hook: a file name that runs code": `${LOOK}
class Name(str):
    def startswith(self, *a): look(); return True
    def __eq__(self, other): look(); return True
    def __hash__(self): look(); return 0
def f(x):
    code = compile("def g(): pass", Name("/usr/lib/python3.11/typing.py"), "exec")
    space = {}
    exec(code, space)
    space["g"].__code__
    look()${ANSWER}`,
};

/** Program code that the interpreter calls in the middle of the guard's own work. */
export const INSIDE_ATTACKS = attacksOn(
  "unittest",
  Object.fromEntries(Object.entries(PROGRAMS).map(([name, code]) => [name, [ONCE, code] as const])),
);
