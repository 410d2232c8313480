"""Answers that lie: objects of the program's own classes whose `__eq__`, `__rsub__` or `__len__` say what a test wants to hear.

The test's source is rewritten before it is compiled: what it compares, and what it hands to an assertion, goes through `honest`.
There an instance of a class that the program derived from a builtin type, with special methods of its own, becomes the value of
that type, and any other object whose comparison the program wrote is compared from both sides: the other side decides, or, where
both are the program's, both must agree, and the equality must not hold with everything.
"""

from __future__ import annotations

import ast
import collections
import functools
import operator
import sys
import types
from typing import Any, Callable

NAME = "__honest__"
#: What takes the place of an operator, and of a function that is called for every element.
MINUS, STEADY = "__honest_operator__", "__honest_function__"
#: Operators whose result says how far two values are apart.
OPERATORS = {
    ast.Sub: operator.sub, ast.Div: operator.truediv, ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
    ast.BitXor: operator.xor,
}  # fmt: skip
#: They take a StopIteration of the function that they call for the end of what they go through.
ITERATING = {"map", "filter", "starmap", "takewhile", "dropwhile", "filterfalse", "accumulate", "groupby", "iter"}
#: Functions of libraries that compare; assertions are known by how they begin.
COMPARING = {"isclose", "allclose", "array_equal", "array_equiv", "equals"}
#: They look at what an object is, not at what it equals.
PLAIN_ASSERTIONS = {
    "assertIs", "assertIsNot", "assertIsInstance", "assertNotIsInstance", "assertIsNone", "assertIsNotNone", "assertRaises",
    "assertRaisesRegex", "assertWarns", "assertWarnsRegex", "assertLogs", "assertNoLogs",
}  # fmt: skip
IDENTITY = (ast.Is, ast.IsNot)

_SCALARS = (int, float, complex, str, bytes, bool, type(None), bytearray, range, type, types.FunctionType)
_VALUES = (bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset)
#: By id: a metaclass can write the hash and the equality of a class.
_SCALAR_IDS = frozenset(map(id, _SCALARS))
#: Special methods that change no comparison.
_HARMLESS = frozenset(
    "__module__ __doc__ __dict__ __weakref__ __slots__ __annotations__ __init__ __new__ __repr__ __str__ __format__ __qualname__ "
    "__init_subclass__ __class_getitem__ __getnewargs__ __reduce__ __reduce_ex__ __getstate__ __setstate__ __copy__ __deepcopy__ "
    "__orig_bases__ __parameters__ __match_args__ __dataclass_fields__ __dataclass_params__ __set_name__ __del__ __call__ "
    "__static_attributes__ __firstlineno__ __post_init__ __enter__ __exit__ __abstractmethods__ __missing__ __setattr__ "
    "__delattr__ __dir__ __sizeof__ __annotate__ __annotate_func__ __annotations_cache__".split()
)
_dict_of = type.__dict__["__dict__"].__get__
#: Callables that a class can be given as methods although they were not written as such.
BORROWED = (functools.partial, functools.partialmethod, type(len), type, types.MethodType)
#: What the special methods of types in C are.
DESCRIPTORS = (types.WrapperDescriptorType, types.MethodDescriptorType, types.GetSetDescriptorType,
               types.MemberDescriptorType, types.ClassMethodDescriptorType, type(None))  # fmt: skip
PROGRAM_MODULES = ("__test__", "__main__", "solution")
HEAP_TYPE = 1 << 9
_mro_of = type.__dict__["__mro__"].__get__
_function = types.FunctionType


class Guarded(ast.NodeTransformer):
    """Puts `honest` around what a test compares."""

    def visit_Compare(self, node: ast.Compare) -> ast.AST:  # noqa: N802 (the name that ast calls)
        self.generic_visit(node)
        if not all(isinstance(op, IDENTITY) for op in node.ops):
            node.left = _guard(node.left)
            node.comparators = [
                _guard(each, isinstance(op, (ast.In, ast.NotIn))) for op, each in zip(node.ops, node.comparators)
            ]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        text = isinstance(node.left, ast.JoinedStr) or isinstance(getattr(node.left, "value", None), (str, bytes))
        if type(node.op) not in OPERATORS or text:
            return node
        return _call(MINUS, node, ast.Constant(type(node.op).__name__), node.left, node.right)

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        compares = name in COMPARING or name.startswith("assert") and name not in PLAIN_ASSERTIONS
        if compares and not name.startswith("assert_called") and not name.startswith("assert_has_"):
            holds = name in ("assertIn", "assertNotIn")
            node.args = [_guard(each, holds and at == 1) for at, each in enumerate(node.args)]
            for keyword in node.keywords:
                keyword.value = _guard(keyword.value) if keyword.arg in ("first", "second") else keyword.value
        if name in ITERATING and node.args and not isinstance(node.args[0], (ast.Constant, ast.Starred)):
            node.args[0] = _call(STEADY, node.args[0], node.args[0])
        return node


def _guard(node: ast.expr, holds: bool = False) -> ast.expr:
    """`holds`: it is looked through for an element."""
    plain = (ast.Constant, ast.Starred, ast.Lambda, ast.JoinedStr, ast.Compare)
    if isinstance(node, plain):
        return node
    return _call(NAME, node, node, *[ast.Constant(True)] * holds)


def _call(name: str, place: ast.expr, *args: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(ast.copy_location(ast.Name(name, ast.Load()), place), list(args), []), place)


def guarded(source: bytes, filename: str) -> types.CodeType:
    """The code of a test with its comparisons guarded."""
    tree = Guarded().visit(ast.parse(source, filename))
    return compile(ast.fix_missing_locations(tree), filename, "exec", dont_inherit=True)


def honest_for(is_program: Callable[[Any], bool], mocks: bool) -> dict[str, Callable[..., Any]]:
    """`honest` and what else the rewritten test calls, for one run, by name.

    `is_program` tells whether a code object is the program's, `mocks` whether the test uses mock objects.
    """
    kinds: dict[int, Any] = {}
    numpy = sys.modules.get("numpy")
    bases = {id(base): base for base in _VALUES + (() if numpy is None else (numpy.ndarray,))}
    mock = None if mocks else sys.modules.get("unittest.mock")
    mimics = frozenset() if mock is None else {id(kind) for kind in vars(mock).values() if isinstance(kind, type)}

    def judge(kind: type) -> Any:
        """None: as it is. `Checked`: compared from both sides. Another type: the value as that type."""
        lies = False
        for part in _mro_of(kind):
            if id(part) in bases:
                return bases[id(part)] if lies else None
            own = not from_library(part)
            lies = lies or id(part) in mimics or any(
                name[:2] == "__" and name not in _HARMLESS and _written(value, is_program, own)
                for name, value in _dict_of(part).items()
            )  # fmt: skip
        return Checked if lies else None

    def from_library(kind: type) -> bool:
        """Whether a class is what its module knows by its name; a program can arrange that too, so its methods are looked at."""
        names = _dict_of(kind)
        found: Any = sys.modules.get(str(names.get("__module__", "builtins")))
        if found is None or found.__dict__.get("__name__") in PROGRAM_MODULES:
            return not names.get("__module__")
        for name in type.__dict__["__qualname__"].__get__(kind).split("."):
            found = getattr(found, "__dict__", {}).get(name)
        return found is kind or not kind.__flags__ & HEAP_TYPE

    def kind_of(kind: type) -> Any:
        if id(kind) not in kinds:
            kinds[id(kind)] = (judge(kind), kind)
        return kinds[id(kind)][0]

    def honest(value: Any, holds: bool = False) -> Any:
        kind = type(value)
        if id(kind) in _SCALAR_IDS:
            return value
        if kind is list or kind is tuple or kind is set or kind is frozenset:
            if _SCALAR_IDS.issuperset(map(id, map(type, value))):
                return value
            return _sequence(value, kind, honest)
        if kind is dict:
            return _dictionary(value, honest)
        base = kind_of(kind)
        if base is Checked:
            return Checked(value)
        if base is not None:
            return honest(_as_base(value, base))
        if holds and hasattr(kind, "__next__"):
            return map(honest, value)
        return _unmixed(value, kind, honest, numpy)

    def apart(name: str, left: Any, right: Any) -> Any:
        """An operator between an object of the program's and a plain value: a number is believed only of numbers."""
        result = _BY_NAME[name](left, right)
        bases = [None if id(type(each)) in _SCALAR_IDS else kind_of(type(each)) for each in (left, right)]
        if type(result) not in _NUMBERS or (bases[0] is None) == (bases[1] is None):
            return result
        numbers = [
            each if base is None else _as_base(each, base) if base in _NUMBERS else None
            for each, base in zip((left, right), bases)
        ]
        if numbers[0] is None or numbers[1] is None:
            raise TypeError("an object whose operators the program wrote is no number: %s" % type(left).__name__)
        return _BY_NAME[name](*numbers)

    return {NAME: honest, MINUS: apart, STEADY: steady}


_NUMBERS = (bool, int, float, complex)
_BY_NAME = {kind.__name__: does for kind, does in OPERATORS.items()}
#: Classes of the standard library, written in Python, that compare what they hold.
_HOLDING = ("collections", "fractions")
_ITEMS, _KEYS = type({}.items()), type({}.keys())


def steady(function: Any) -> Any:
    """A function whose StopIteration is an error, as PEP 479 has it for generators, and not the end of the questions."""
    if not callable(function) or type(function) is type(len):
        return function

    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except StopIteration as error:
            raise RuntimeError("the function raised StopIteration") from error

    return called


def _sequence(value: Any, base: Any, honest: Callable[[Any], Any]) -> Any:
    items = list(base.__iter__(value))
    true = [honest(item) for item in items]
    return value if all(map(operator.is_, true, items)) else base(true)


def _dictionary(value: Any, honest: Callable[[Any], Any]) -> Any:
    old = list(dict.items(value))
    new = [(honest(key), honest(item)) for key, item in old]
    same = all(one[0] is two[0] and one[1] is two[1] for one, two in zip(new, old))
    return value if same else dict(new)


def _unmixed(value: Any, kind: type, honest: Callable[[Any], Any], numpy: Any) -> Any:
    """An object that compares what it holds as Python or a library does: as it is, or a copy that holds no lies."""
    for base in _mro_of(kind):
        if base is dict:
            return _dictionary(value, honest)
        if base is list or base is tuple or base is set or base is frozenset:
            return _sequence(value, base, honest)
        if base is collections.deque:
            true = [honest(item) for item in base.__iter__(value)]
            return value if all(map(operator.is_, true, base.__iter__(value))) else base(true, value.maxlen)
    if kind is types.MappingProxyType:
        return _dictionary(dict(value), honest)
    if kind is _ITEMS:
        return _dictionary(dict(value), honest).items()
    if kind is _KEYS:
        return _dictionary(dict.fromkeys(value), honest).keys()
    if kind is slice:
        return slice(honest(value.start), honest(value.stop), honest(value.step))
    if numpy is not None and issubclass(kind, numpy.ndarray):
        return _array(value, honest, numpy) if value.dtype.kind == "O" else value
    if kind is types.SimpleNamespace or str(_dict_of(kind).get("__module__")).split(".")[0] in _HOLDING:
        return _copied(value, kind, honest)
    return value


def _array(value: Any, honest: Callable[[Any], Any], numpy: Any) -> Any:
    items = [honest(item) for item in value.flat]
    if all(map(operator.is_, items, value.flat)):
        return value
    made = numpy.empty(len(items), dtype=object)
    for at, item in enumerate(items):
        made[at] = item
    return made.reshape(value.shape)


def _copied(value: Any, kind: type, honest: Callable[[Any], Any]) -> Any:
    slots = [name for part in _mro_of(kind) for name in _dict_of(part).get("__slots__", ())]
    state = {name: getattr(value, name) for name in slots if name[:2] != "__" and hasattr(value, name)}
    state.update(getattr(value, "__dict__", {}))
    true = {name: honest(item) for name, item in state.items()}
    if all(true[name] is item for name, item in state.items()):
        return value
    made = kind.__new__(kind)
    for name, item in true.items():
        object.__setattr__(made, name, item)
    return made


def _written(value: Any, is_program: Callable[[Any], bool], own: bool) -> bool:
    """Whether the program wrote a special method: a function, or, in a class of its `own`, anything that is not Python's."""
    for name in ("__func__", "fget"):
        value = getattr(value, name, value) if type(value) in (staticmethod, classmethod, property) else value
    kind = type(value)
    if kind is _function:
        return is_program(value.__code__)
    if kind in BORROWED or any(
        type(each) is _function and is_program(each.__code__)
        for part in _mro_of(kind)[:-1]
        for each in _dict_of(part).values()
    ):
        return True
    return own and kind not in DESCRIPTORS


def _as_base(value: Any, base: type) -> Any:
    """The contents of an instance of a subclass as the base type itself, by that type's own methods."""
    if base is dict:
        return dict(dict.items(value))
    if base is list or base is tuple:
        return base(base.__iter__(value))
    if base is set or base is frozenset:
        return base(base.__iter__(value))
    if base is str:
        return str.__getnewargs__(value)[0]
    if base is bytes:
        return bytes.__getnewargs__(value)[0]
    if base in (int, float, complex):
        return base.__add__(value, base(0))
    return value.view(base)


class Checked:
    """Stands for an object whose comparison the program wrote."""

    def __init__(self, value: Any) -> None:
        object.__setattr__(self, "_value", value)

    def __eq__(self, other: Any) -> bool:
        mine = _raw(self)
        if type(other) is Checked:
            theirs = _raw(other)
            return bool(mine == theirs) and bool(theirs == mine) and not mine == object()
        found = type(other).__eq__(other, mine)
        return found is not NotImplemented and bool(found)

    def __ne__(self, other: Any) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(_raw(self))

    def __contains__(self, item: Any) -> bool:
        """What holds everything, or everything of a kind, holds nothing."""
        mine = _raw(self)
        if item not in mine:
            return False
        return not all(_holds(mine, other) for other in _others(_raw(item)))

    def __getattribute__(self, name: str) -> Any:
        return getattr(_raw(self), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_raw(self), name, value)


def _others(item: Any) -> list[Any]:
    """Things that nobody put anywhere."""
    if type(item) is str:
        return [item + "\0\1", "\0" + item, "\0\2\3"]
    if type(item) in (int, float):
        return [type(item)(sign * (17**61 + step)) for sign in (1, -1) for step in (0, 1)]
    return [object(), object()]


def _holds(holder: Any, item: Any) -> bool:
    try:
        return bool(item in holder)
    except Exception:
        return False


def _raw(value: Any) -> Any:
    return object.__getattribute__(value, "_value") if type(value) is Checked else value


def _forward(function: Callable[..., Any]) -> Any:
    return lambda self, *args: function(_raw(self), *map(_raw, args))


def _order(function: Callable[..., Any]) -> Any:
    """Only two objects of the program's are ordered by what the program wrote."""
    return lambda self, other: function(_raw(self), _raw(other)) if type(other) is Checked else NotImplemented


for _name in ("lt", "le", "gt", "ge"):
    setattr(Checked, "__%s__" % _name, _order(getattr(operator, _name)))
for _name, _does in {"bool": bool, "len": len, "iter": iter, "next": next, "repr": repr, "str": str,
                     "getitem": operator.getitem}.items():  # fmt: skip
    setattr(Checked, "__%s__" % _name, _forward(_does))
