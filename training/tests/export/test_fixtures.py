"""The committed tiny PRM folders still say what PyTorch said when they were made."""

import json
from pathlib import Path

import numpy as np
import pytest
from prm_folder import read_template
from tokenizers import Tokenizer

from funprm_training.export.manifest import file_entry
from funprm_training.export.onnx_session import onnx_logits
from funprm_training.prm.scoring import Request, score
from funprm_training.prm.tokenizers import encoder_of

FIXTURES = Path(__file__).parents[3] / "test/fixtures"


@pytest.mark.parametrize("kind", ["encoder", "decoder", "tree", "probe", "large"])
@pytest.mark.parametrize("batch_size", [1, 7])
def test_onnx_rewards_equal_the_recorded_ones(kind: str, batch_size: int) -> None:
    folder = FIXTURES / f"prm-{kind}-tiny"
    encode = encoder_of(Tokenizer.from_file(str(folder / "tokenizer.json")))
    cases = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["cases"]
    requests = [Request(case["statement"], tuple(case["steps"])) for case in cases]
    found = score(requests, read_template(folder), encode, onnx_logits(folder / "onnx/model.onnx"), batch_size)
    for case, rewards in zip(cases, found, strict=True):
        assert np.allclose(rewards, case["rewards"], atol=1e-4)


@pytest.mark.parametrize("kind", ["encoder", "decoder", "tree", "probe", "large"])
def test_recorded_hashes_are_those_of_the_files(kind: str) -> None:
    folder = FIXTURES / f"prm-{kind}-tiny"
    files = json.loads((folder / "prm.json").read_text(encoding="utf-8"))["files"]
    entries = [*files.pop("externalData", []), *files.values()]
    assert all(entry == {**entry, **file_entry(folder, entry["path"])} for entry in entries)
