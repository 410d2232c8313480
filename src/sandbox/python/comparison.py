"""Answers that lie: objects of the program's own classes whose `__eq__`, `__rsub__` or `__len__` say what a test wants to hear.

The test's source is rewritten before it is compiled: what it compares, and what it hands to an assertion, goes through `honest`.
There an instance of a class that the program derived from a builtin type, with special methods of its own, becomes the value of
that type, and any other object whose comparison the program wrote is compared from both sides: the other side decides, or, where
both are the program's, both must agree, and the equality must not hold with everything.
"""

from __future__ import annotations

import ast
import functools
import operator
import sys
import types
from typing import Any, Callable

NAME = "__honest__"
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
            node.comparators = [_guard(each) for each in node.comparators]
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:  # noqa: N802
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        compares = name in COMPARING or name.startswith("assert") and name not in PLAIN_ASSERTIONS
        if compares and not name.startswith("assert_called") and not name.startswith("assert_has_"):
            node.args = [_guard(each) for each in node.args]
            for keyword in node.keywords:
                keyword.value = _guard(keyword.value) if keyword.arg in ("first", "second") else keyword.value
        return node


def _guard(node: ast.expr) -> ast.expr:
    plain = (ast.Constant, ast.Starred, ast.Lambda, ast.JoinedStr, ast.Compare)
    if isinstance(node, plain):
        return node
    return ast.copy_location(ast.Call(ast.copy_location(ast.Name(NAME, ast.Load()), node), [node], []), node)


def guarded(source: bytes, filename: str) -> types.CodeType:
    """The code of a test with its comparisons guarded."""
    tree = Guarded().visit(ast.parse(source, filename))
    return compile(ast.fix_missing_locations(tree), filename, "exec", dont_inherit=True)


def honest_for(is_program: Callable[[Any], bool], mocks: bool) -> Callable[[Any], Any]:
    """`honest` for one run.

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

    def honest(value: Any) -> Any:
        kind = type(value)
        if id(kind) in _SCALAR_IDS:
            return value
        if kind is list or kind is tuple or kind is set or kind is frozenset:
            if _SCALAR_IDS.issuperset(map(id, map(type, value))):
                return value
            items = [honest(item) for item in value]
            return value if all(map(operator.is_, items, value)) else kind(items)
        if kind is dict:
            pairs = [(honest(key), honest(item)) for key, item in value.items()]
            same = all(new[0] is old[0] and new[1] is old[1] for new, old in zip(pairs, value.items()))
            return value if same else dict(pairs)
        if id(kind) not in kinds:
            kinds[id(kind)] = (judge(kind), kind)
        base = kinds[id(kind)][0]
        if base is None:
            return value
        return Checked(value) if base is Checked else honest(_as_base(value, base))

    return honest


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

    def __getattribute__(self, name: str) -> Any:
        return getattr(_raw(self), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_raw(self), name, value)


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
                     "contains": operator.contains, "getitem": operator.getitem}.items():  # fmt: skip
    setattr(Checked, "__%s__" % _name, _forward(_does))
