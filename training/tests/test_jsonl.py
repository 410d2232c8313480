"""Files of one JSON object a line, whole or cut off by a kill."""

import gzip
from pathlib import Path

import pytest

from funprm_training.atomic_write import replacing, write_text
from funprm_training.jsonl import append_jsonl, read_jsonl, resume_jsonl, write_jsonl

ROWS = [{"text": "line\u2028separator"}, {"text": "\ud800"}]


def test_what_was_written_is_read_compressed_or_not(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "rows.jsonl", ROWS)
    (tmp_path / "rows.jsonl.gz").write_bytes(gzip.compress((tmp_path / "rows.jsonl").read_bytes()))
    for name in ("rows.jsonl", "rows.jsonl.gz"):
        assert list(read_jsonl(tmp_path / name)) == ROWS


def test_a_line_that_a_kill_cut_off_is_taken_out(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    assert resume_jsonl(path) == []
    append_jsonl(path, {"n": 1})
    whole = path.read_text()
    path.write_text(f'{whole}{{"n": ')
    assert resume_jsonl(path) == [{"n": 1}]
    assert path.read_text() == whole
    append_jsonl(path, {"n": 2})
    assert resume_jsonl(path) == [{"n": 1}, {"n": 2}]


def test_an_error_while_writing_leaves_the_old_file_alone(tmp_path: Path) -> None:
    write_text(tmp_path / "file", "old")
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "file") as partial:
        partial.write_text("half")
        raise KeyboardInterrupt
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"file": "old"}
