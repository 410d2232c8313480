import { afterAll, beforeAll, expect, test } from "vitest";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { script } from "./programs.ts";

/** Ways to read all lines of stdin into `lines`, each as programs in the wild do it. */
const IDIOMS: Readonly<Record<string, string>> = {
  "input until EOFError": `lines = []
try:
    while True: lines.append(input())
except EOFError: pass`,
  "iter over input": `lines = [input() for _ in range(3)]`,
  "sys.stdin.read": `import sys; lines = sys.stdin.read().splitlines()`,
  "sys.stdin.readline": `import sys; lines = [l.rstrip("\\n") for l in iter(sys.stdin.readline, "")]`,
  "input replaced by readline": `import sys; input = sys.stdin.readline
lines = [input().rstrip() for _ in range(3)]`,
  "sys.stdin.readlines": `import sys; lines = [l.strip() for l in sys.stdin.readlines()]`,
  "iteration over sys.stdin": `import sys; lines = [l.rstrip() for l in sys.stdin]`,
  "map over sys.stdin": `import sys; lines = list(map(str.strip, sys.stdin))`,
  "sys.stdin.buffer.read": `import sys; lines = sys.stdin.buffer.read().decode().split("\\n")[:3]`,
  "sys.stdin.buffer.readline": `import sys; lines = [sys.stdin.buffer.readline().decode().rstrip() for _ in range(3)]`,
  "open(0)": `lines = open(0).read().splitlines()`,
  "open(0) as lines": `lines = [l.rstrip() for l in open(0)]`,
  "os.read(0)": `import os; lines = os.read(0, 1 << 20).decode().splitlines()`,
  "os.read with the size of fstat": `import os, io
lines = io.BytesIO(os.read(0, os.fstat(0).st_size)).read().decode().splitlines()`,
  fileinput: `import fileinput; lines = [l.rstrip() for l in fileinput.input()]`,
  "/dev/stdin": `lines = open("/dev/stdin").read().splitlines()`,
  "/proc/self/fd/0": `lines = open("/proc/self/fd/0").read().splitlines()`,
  "mmap of stdin": `import mmap; lines = mmap.mmap(0, 0, access=mmap.ACCESS_READ).read().decode().splitlines()`,
  "io.TextIOWrapper": `import io, sys; lines = io.TextIOWrapper(sys.stdin.buffer).read().splitlines()`,
  "a child process that inherits stdin": `import subprocess
lines = subprocess.run(["cat"], stdout=subprocess.PIPE).stdout.decode().splitlines()`,
  "a thread": `import threading, sys
sys.setrecursionlimit(1 << 20); threading.stack_size(1 << 26)
lines = []
def main():
    for _ in range(3): lines.append(input())
t = threading.Thread(target=main); t.start(); t.join()`,
};

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 2 });
});
afterAll(async () => sandbox.close());

test.each(Object.entries(IDIOMS))("%s", async (_, code) => {
  const result = await sandbox.run(
    script(`${code}\nprint(len(lines), *lines, sep="|")`, { stdin: "3 4\nzwölf\nlast\n" }),
  );
  expect(result.stderr).toBe("");
  expect(result.stdout).toBe("3|3 4|zwölf|last\n");
});

test("an empty stdin is at its end", async () => {
  const result = await sandbox.run(script("import sys\nprint(repr(sys.stdin.read()))\ninput()"));
  expect(result.stdout).toBe("''\n");
  expect(result.report).toContain("EOFError");
});

test("bytes of stdin arrive as they are, megabytes of them", async () => {
  const stdin = `${"x".repeat(3 << 20)}\r\n\u0000é`;
  const code = "import sys, hashlib\nb = sys.stdin.buffer.read()\nprint(len(b), b[-5:])";
  const result = await sandbox.run(script(code, { stdin }));
  expect(result.stdout).toBe(`${(3 << 20) + 5} b'\\r\\n\\x00\\xc3\\xa9'\n`);
});
