"""Exports of pretrained models reward as PyTorch does."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from bases import LAYOUTS, STEPS, base_folder, moved
from bases import TINY_LORA as TINY
from prm_folder import read_template

from funprm_training.export.onnx_session import onnx_logits
from funprm_training.export.prm_folder import export_fp32_folder, export_int8_folder, graph_form
from funprm_training.prm.family import Family, build
from funprm_training.prm.pretrained import merge_adapters
from funprm_training.prm.scoring import Request, score
from funprm_training.prm.template import step_mark_sequence, tokenize


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_exports_score_as_pytorch_reads_every_prefix_alone(
    base: Callable[[str], str], tmp_path: Path, layout: str
) -> None:
    config = replace(TINY, base=base(layout))
    family = moved(build(config, tmp_path))
    request = Request("Double x.", STEPS)
    expected = _prefix_by_prefix(family, request)
    assert max(expected) - min(expected) > 1e-3, "equal rewards would prove little"
    merge_adapters(family.model)
    assert not any("lora" in name for name, _ in family.model.named_parameters())
    graph = export_fp32_folder(family, tmp_path / "fp32", "t", "1", "mean")
    assert graph_form(graph) == "tree"
    assert read_template(tmp_path / "fp32") == family.template
    rewards = score([request], family.template, family.encode, onnx_logits(graph))[0]
    assert np.abs(np.array(rewards) - expected).max() < 1e-4
    int8 = export_int8_folder(family, graph, tmp_path / "int8", "t", "1", "mean")
    rewards = score([request], family.template, family.encode, onnx_logits(int8))[0]
    assert np.abs(np.array(rewards) - expected).max() < 0.1


def test_a_form_that_the_tree_does_not_know_is_exported_as_rows(tmp_path: Path) -> None:
    folder = base_folder(tmp_path / "base", "mistral")
    kept = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**kept, "sliding_window": 9}))
    family = moved(build(replace(TINY, base=str(folder)), tmp_path))
    expected = _prefix_by_prefix(family, Request("Double x.", STEPS))
    merge_adapters(family.model)
    graph = export_fp32_folder(family, tmp_path / "fp32", "t", "1", "mean")
    assert graph_form(graph) == "rows"
    rewards = score([Request("Double x.", STEPS)], family.template, family.encode, onnx_logits(graph))[0]
    assert np.abs(np.array(rewards) - expected).max() < 1e-4


def _prefix_by_prefix(family: Family, request: Request) -> list[float]:
    """Rewards from one forward pass for each prefix, which ends with its mark."""
    rewards = []
    for count in range(1, len(request.steps) + 1):
        tokens = tokenize(request.statement, request.steps[:count], family.template, family.encode)
        ids = torch.tensor([step_mark_sequence(tokens, family.template).ids])
        with torch.inference_mode():
            rewards.append(float(torch.sigmoid(family.model(ids, torch.ones_like(ids))[0, -1])))
    return rewards
