"""What is wrong with a base model is told with its remedy."""

from dataclasses import replace
from pathlib import Path

import pytest
from bases import TINY_LORA as TINY
from bases import base_folder

from funprm_training.config import InputError
from funprm_training.prm.family import build


def test_errors_name_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    with pytest.raises(InputError, match="--download"):
        build(replace(TINY, base="nobody/no-such-model"), tmp_path)
    with pytest.raises(InputError, match="--base DIR"):
        build(TINY, tmp_path)
    with pytest.raises(InputError, match=r"config\.json"):
        build(replace(TINY, base=str(tmp_path / "nowhere" / "at" / "all")), tmp_path)
    base = base_folder(tmp_path / "base", "llama")
    with pytest.raises(InputError, match="down_proj"):
        build(replace(TINY, base=str(base), lora_targets=("c_attn",)), tmp_path)
    with pytest.raises(InputError, match="4096 places"):
        build(replace(TINY, base=str(base), context_length=8192), tmp_path)
    (base / "tokenizer.json").unlink()
    with pytest.raises(InputError, match="tokenizer"):
        build(replace(TINY, base=str(base)), tmp_path)
