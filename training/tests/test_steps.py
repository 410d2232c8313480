"""Where a program is cut into steps."""

import ast
from pathlib import Path

import pytest

from funprm_training.steps import function_steps


@pytest.mark.parametrize(
    "code",
    ["", "x = 1", "def f(:\n", "def f():\r\n  return 1\r\n", "\n\n", "é = '\f'\rdef f(): pass\rx = 2", "\0"],
)
def test_steps_join_to_the_program(code: str) -> None:
    assert "".join(function_steps(code)) == code


def test_what_stands_before_belongs_to_the_next_step_and_the_rest_to_the_last() -> None:
    code = "import os\n\n@cache\ndef f():\n    def g(): pass\n    return g\n\nX = 1\nasync def h(): pass\n\nh()\n"
    assert function_steps(code) == [
        "import os\n\n@cache\ndef f():\n    def g(): pass\n    return g\n",
        "\nX = 1\nasync def h(): pass\n\nh()\n",
    ]


def test_methods_are_steps_and_the_class_header_belongs_to_the_first() -> None:
    code = "class A:\n    x = 1\n    def f(self): pass\n    def g(self): pass\nA().f()"
    assert function_steps(code) == [
        "class A:\n    x = 1\n    def f(self): pass\n",
        "    def g(self): pass\nA().f()",
    ]


def test_functions_on_one_line_are_not_torn_apart() -> None:
    assert function_steps("class A: f = 1\ndef f(): pass\n") == ["class A: f = 1\ndef f(): pass\n"]


@pytest.mark.parametrize("code", ["print(1)\n", "def broken(:\n    pass\ndef fine():\n    pass\n"])
def test_without_functions_or_grammar_there_is_one_step(code: str) -> None:
    assert function_steps(code) == [code]


def test_the_standard_library_is_split_without_loss() -> None:
    for path in sorted(Path(ast.__file__).parent.glob("*.py"))[:40]:
        code = path.read_text(encoding="utf-8")
        assert "".join(function_steps(code)) == code
