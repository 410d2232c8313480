/** What CPython refuses although tree-sitter's grammar takes it, and what only looks like that. */
import { beforeAll, expect, test } from "vitest";
import { loadPythonParser, splitSteps } from "../../src/steps/index.ts";
import { cpython } from "./cpython.ts";

beforeAll(loadPythonParser);

/** Statements, one a line; `|` is a line end. */
const REFUSED = `
try: pass|except E, e: pass
x = 007
x = 0777L
x = 1_
def f(a=1, b): pass
def f(a, a): pass
def f(a: int, *, a=1): pass
def f(a, *): pass
def f(*, **k): pass
def f(*a, *b): pass
def f(**k, a): pass
def f(/, a): pass
def f(*a, /): pass
def f((a, b)): pass
lambda a=1, b: a
f(a=1, 2)
f(a=1,b=2, a=3)
f(**k, 2)
f(**k, *a)
f(x for x in y, 1)
[x for x in 1, 2]
return 1
class A:|    return 1
class A:|    def f(self):|        pass|    return 1
if a:|    break
for i in a:|    pass|else:|    break
while a:|    def f():|        continue
def f():|    x = 1|    global x
def f(x):|    global x
nonlocal x
(a, b) += 1
a, b += 1
x := 1
x = y := 1
del f()
del (a, 1)
*a = 1
*a
x = *a
*a, *b = c
for *a in b: pass
[*a for a in b]
return *a
with a as None: pass
with a as f(): pass
raise E, "m"
x <> y
x = ur"a"
x = "a" b"b"
x = "C:\\Users"
x = "\\x1"
print "x"
exec "x"
try:|    pass
try: pass|except: pass|except E: pass
try: pass|except* E: pass|except F: pass
try: pass|else: pass
from __future__ import braces
x = 1|from __future__ import annotations
def f():|    from a import *
from a import b.c
from a import b,
import a,
await x
def f():|    await x
class A:|    yield 1
if a:|\tx = 1|        y = 2
`;

/** Close to what is refused, and right. */
const TAKEN = `
try: pass|except (E, F) as e: pass
try: pass|except* E: pass
try: pass|except E: pass|except: pass
try: pass|finally: pass
x = 0 + 00 + 0_0 + 0x0F + 0o7 + 07.5 + 0e1 + 07j + 1_000
def f(a, /, b=1, *c, d, e=2, **k): pass
def f(a=1, *, b): pass
def f(*a, b, **k): pass
def f(self, a: int, b: int = 1, *c: int, d: str): pass
lambda a, *b, c=1, **d: a
lambda: 1
f(a=1, *b, **c)
f(1, *a, b=2, **c, d=3)
f(*a, 1, **c)
f((x for x in y), 1)
[x for x in (1, 2)]
def f():|    if a:|        return 1|    return
class A:|    for i in a:|        break
for i in a:|    if i:|        continue|    else:|        break
while a:|    for i in b: pass|    else:|        break
def f():|    global x|    x = 1
def f():|    import x|    global x
def f():|    y.x = g(x=1)|    global x
def f():|    x = 1|    def g():|        nonlocal x|        x = 2
a[0], b.c = 1, 2|a[0] += 1|(a) += 1
(x := 1)|f(x := 1)|a[x := 1]|y = (x := 1)
del a, b[0], (c.d, [e])
*a, = b|*a, b = c|a, (*b, c) = d|[*a, b] = c
x = *a, b|x = [*a]|x = {*a}|print(*a, *b)|x = a[0] * b
for x in *a, b: pass
for *a, b in c: pass
with a as (b, c), d as e.f, g as h[0]: pass
raise E("m", "n") from e
x = "<>"|y = "except E, e:"|z = "print 1"|"return 1"
x = ("return"|if a else "break"|)
x = r"\\x1" + "\\\\x1" + "\\x41" + "\\u00e9" + br"\\x1" + b"\\u1"
x = rb"a" b"b"
"""doc"""|from __future__ import annotations, division|from __future__ import generators
from a import (b, c,)
if a:|    from b import *
async def f():|    await x|    return [await y for y in z]
def f():|    x = yield|    return (yield x)
x = lambda: (yield)
print >>f, x
print|exec|match = case = type = 1|del match
if a:|\tx = 1|\ty = 2
`;

function programsOf(text: string): string[] {
  return text
    .trim()
    .split("\n")
    .map((line) => `${line.replaceAll("|", "\n")}\n`);
}

const isComplete = (code: string): boolean => splitSteps(code, "function").every(({ complete }) => complete);

test.each(programsOf(REFUSED))("%j is not complete", (code) => {
  expect(isComplete(code)).toBe(false);
});

test.each(programsOf(TAKEN))("%j is complete", (code) => {
  expect(isComplete(code)).toBe(true);
});

test("CPython agrees", ({ skip }) => {
  const refused = cpython(programsOf(REFUSED));
  const taken = cpython(programsOf(TAKEN));
  if (refused === undefined || taken === undefined)
    return skip("there is no python3 on the path to be the judge");
  // The first is a tuple of exceptions from Python 3.14 on; groups of exceptions are syntax from 3.11 on.
  expect(refused.slice(1).filter((word) => !("error" in word))).toEqual([]);
  expect(taken.flatMap((word, i) => ("error" in word ? [[programsOf(TAKEN)[i], word.error]] : []))).toEqual(
    [],
  );
});
