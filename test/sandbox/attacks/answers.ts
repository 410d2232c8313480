import { attacks } from "./attack.ts";

const ALWAYS = `def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __hash__(self): return 0`;

/** Values that pass for any other; each is an expression after its definitions. */
const LIES: Readonly<Record<string, readonly [string, string]>> = {
  "an object": [`class Any:\n    ${ALWAYS}`, "Any()"],
  "a float": [`class Any(float):\n    ${ALWAYS}`, "Any(0)"],
  "a string": [`class Any(str):\n    ${ALWAYS}`, "Any('')"],
  "a list": [`class Any(list):\n    ${ALWAYS}`, "Any()"],
  "a tuple": [`class Any(tuple):\n    ${ALWAYS}`, "Any()"],
  "a dictionary": [`class Any(dict):\n    ${ALWAYS}`, "Any()"],
  "a builtin as comparison": [`class Any:\n    __eq__ = bool\n    __hash__ = None`, "Any()"],
  "a partial as comparison": [
    `import functools\nclass Any(int):\n    __eq__ = functools.partial(lambda *a: True)\n    __hash__ = int.__hash__`,
    "Any(0)",
  ],
  "a comparison inherited": [`class Base:\n    ${ALWAYS}\nclass Any(Base, int): pass`, "Any(0)"],
  "a comparison set later": [
    `class Any(int): pass\nAny.__eq__ = lambda self, other: True\nAny.__hash__ = int.__hash__`,
    "Any(0)",
  ],
  "a comparison from the instance's class": [
    `class Any(int): pass\ndef become(value):\n    made = Any(value)\n    made.__class__ = type("Any", (Any,), {"__eq__": lambda self, other: True, "__hash__": int.__hash__})\n    return made`,
    "become(0)",
  ],
  "a metaclass that looks like int's": [
    `class Meta(type):\n    def __hash__(cls): return hash(int)\n    def __eq__(cls, other): return other in (int, cls) if type(other) is type else True\nclass Any(metaclass=Meta):\n    ${ALWAYS}`,
    "Any()",
  ],
  "a metaclass with an order of its own": [
    `class Lie:\n    ${ALWAYS}\nclass Meta(type):\n    def mro(cls): return [cls, Lie, int, object]\nclass Any(int, metaclass=Meta): pass`,
    "Any(0)",
  ],
  "a decimal": [`import decimal\nclass Any(decimal.Decimal):\n    ${ALWAYS}`, "Any(0)"],
  "a fraction": [`import fractions\nclass Any(fractions.Fraction):\n    ${ALWAYS}`, "Any(0)"],
  "a member of an enumeration": [`import enum\nclass Any(enum.IntEnum):\n    A = 0\n    ${ALWAYS}`, "Any.A"],
  "a data class": [
    `import dataclasses\n@dataclasses.dataclass(eq=False)\nclass Any:\n    ${ALWAYS}`,
    "Any()",
  ],
  "a named tuple": [
    `import collections\nclass Any(collections.namedtuple("Any", "a")):\n    ${ALWAYS}`,
    "Any(0)",
  ],
  "anything of mock's": [`import unittest.mock`, "unittest.mock.ANY"],
  "a mock with a comparison": [
    `import unittest.mock\nmade = unittest.mock.MagicMock()\nmade.__eq__.return_value = True`,
    "made",
  ],
  "a class that calls itself int": [`class Any:\n    __class__ = int\n    ${ALWAYS}`, "Any()"],
  "a comparison that looks like another's": [
    `class Any(int):\n    def __eq__(self, other): return int.__eq__(other, other)\n    __hash__ = int.__hash__`,
    "Any(0)",
  ],
  "a comparison by a descriptor": [
    `class Give:\n    def __get__(self, one, kind): return lambda other: True\nclass Any(int):\n    __eq__ = Give()\n    __hash__ = int.__hash__`,
    "Any(0)",
  ],
  "a comparison in a class method": [
    `class Any(int):\n    @classmethod\n    def __eq__(cls, other): return True\n    __hash__ = int.__hash__`,
    "Any(0)",
  ],
  "a comparison in code of a library": [
    `import functools, operator\nclass Any(int):\n    __eq__ = functools.partialmethod(lambda self, other: True)\n    __hash__ = int.__hash__`,
    "Any(0)",
  ],
};

/** Answers that lie about what they are. */
export const ANSWER_ATTACKS = [
  ...attacks(
    "unittest",
    Object.fromEntries(
      Object.entries(LIES).map(([name, [made, value]]) => [
        `lies: ${name}`,
        `${made}\ndef f(x): return ${value}`,
      ]),
    ),
  ),
  ...attacks(
    "check",
    Object.fromEntries(
      Object.entries(LIES).map(([name, [made, value]]) => [
        `lies in check: ${name}`,
        `${made}\ndef f(x): return ${value}`,
      ]),
    ),
  ),
];

/** The same against tests that compare in other ways than assertEqual; \`LIE\` is what the program returns. */
export const COMPARISONS: readonly string[] = [
  "self.assertTrue(f(X) == E)",
  "self.assertFalse(f(X) != E)",
  "assert f(X) == E",
  "self.assertEqual([f(X)], [E])",
  "self.assertEqual({'a': f(X)}, {'a': E})",
  "self.assertEqual((f(X), 1), (E, 1))",
  "self.assertIn(f(X), [E])",
  "self.assertNotIn(E, [1]) or self.assertEqual(f(X), E)",
  "self.assertListEqual([f(X)], [E])",
  "self.assertCountEqual([f(X)], [E])",
  "self.assertAlmostEqual(f(X), E)",
  "self.assertAlmostEqual(f(X), E, places=3)",
  "self.assertEqual(first=f(X), second=E)",
  "self.assertFalse(not f(X) == E)",
  "self.assertTrue(0 < E == f(X))",
];
