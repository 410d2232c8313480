"""Steps are those of `funprm split`; where it cuts is tested with the splitter, in test/steps."""

from pathlib import Path

import pytest

from funprm_training.research import split_steps as module
from funprm_training.research.split_steps import split_steps

PROGRAMS = {
    "": (),
    "x = 1": ("x = 1",),
    "def f():\n    return '\U0001f40d é'\n\n\ndef g(): pass\nf()\n": (
        "def f():\n    return '\U0001f40d é'\n",
        "\n\ndef g(): pass\nf()\n",
    ),
    "class A:\r\n  def f(self): pass\r\n  def g(self): pass\r\n": (
        "class A:\r\n  def f(self): pass\r\n",
        "  def g(self): pass\r\n",
    ),
    "y = '\u2028'\nz = 2": ("y = '\u2028'\nz = 2",),
}


def test_programs_are_cut_where_the_splitter_cuts_them_in_their_order() -> None:
    assert split_steps(list(PROGRAMS)) == list(PROGRAMS.values())


def test_without_the_built_command_line_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "FUNPRM", tmp_path / "dist/main.js")
    with pytest.raises(FileNotFoundError, match="npm run build"):
        split_steps(["x = 1"])
