"""What the bake-off's heads read and which programs they compare."""

from pathlib import Path

import numpy as np
import pytest
import torch
from pools import tiny_pools
from transformers import BertConfig, BertModel

from funprm_training.config import TrainConfig
from funprm_training.export.onnx_graph import export_fp32, onnx_logits
from funprm_training.prm.family import build
from funprm_training.prm.model import CodeMeanModel
from funprm_training.prm.scoring import Request
from funprm_training.research.bake_off.embeddings import embed, pool
from funprm_training.research.bake_off.pairs import train_programs
from funprm_training.research.bake_off.structure import matrix, structural
from funprm_training.research.pools import Candidate, ProblemPool, texts_of

LOOPS = "def f(a):\n    for x in a:\n        while x:\n            x -= 1\n    return f(a[1:])\n"


def test_pairs_of_a_suite_with_many_programs_a_sampler_stay_within_the_sampler() -> None:
    candidates = tuple(Candidate((f"print({n})",), n % 3 == 0, "ab"[n % 2]) for n in range(12))
    within = train_programs([ProblemPool("p", "codeforces-hard", "", candidates)])
    table = within.pairs["codeforces-hard"]
    assert len(table.passing) == 2 * 4 * 2
    assert (within.sampler[table.passing] == within.sampler[table.failing]).all()
    assert all(within.candidates[n].passed for n in table.passing)
    assert not any(within.candidates[n].passed for n in table.failing)
    assert np.isclose(table.even.sum(), 1)
    across = train_programs([ProblemPool("p", "livecodebench-v5", "", candidates)])
    assert len(across.pairs["livecodebench-v5"].passing) == 4 * 8


def test_means_are_over_tokens_that_are_there_and_over_the_code_alone() -> None:
    hidden = torch.arange(8, dtype=torch.float32).reshape(1, 4, 2)
    mask, code = torch.tensor([[1, 1, 1, 0]]), torch.tensor([[0, 0, 1, 0]])
    assert pool(hidden, mask, code).tolist() == [[[2.0, 3.0], [4.0, 5.0]]]


def test_structure_is_counted_and_survives_what_does_not_parse() -> None:
    found = structural(LOOPS)
    assert found["depth of loops"] == 2
    assert found["recursion"] == 1
    assert found["functions"] == np.log1p(1)
    assert structural("def f(:")["parses"] == 0


def test_ngrams_see_tokens_and_line_starts_and_not_spaces() -> None:
    spaced, tight, indented = matrix(["a = b + 1\n", "a=b+1\n", "a = b + 1\n    "], "ngrams")
    assert np.allclose(spaced, tight)
    assert not np.allclose(spaced, indented)


def test_embedding_goes_on_where_it_was_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("funprm_training.research.bake_off.embeddings.SHARD", 2)
    config = TrainConfig("decoder", steps=0, context_length=64, layers=2, width=32, heads=2, vocabulary=330)
    family = build(config, tmp_path, texts_of(tiny_pools()))
    requests = [Request("Add.", (f"def f(a):\n    return a + {n}\n",)) for n in range(5)]
    whole = embed(family, requests, tmp_path / "whole", lambda line: None)
    embed(family, requests[:2], tmp_path / "cut", lambda line: None)
    computed: list[str] = []
    assert np.array_equal(embed(family, requests, tmp_path / "cut", computed.append), whole)
    assert computed == ["4 of 5", "5 of 5"]
    assert whole.shape[2] == 2


def tiny_encoder() -> BertModel:
    """Three layers of random weights."""
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=40, hidden_size=16, num_hidden_layers=3, num_attention_heads=2, intermediate_size=32,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False).eval()


def test_the_exported_model_reads_what_the_head_was_fitted_on(tmp_path: Path) -> None:
    backbone = tiny_encoder()
    model = CodeMeanModel(backbone, (1, 2, 3), between=3).eval()
    ids = torch.tensor([[2, 7, 8, 3, 9, 10, 3, 0, 0], [2, 3, 11, 12, 13, 14, 15, 16, 3]])
    mask = (ids != 0).long()
    states = backbone(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
    code = mask * (torch.cumsum(ids == 3, dim=1) > 0)
    assert code.sum(1).tolist() == [4, 8]
    features = torch.cat([pool(states[layer], mask, code)[:, 1] for layer in (1, 2, 3)], dim=-1)
    assert torch.allclose(model(ids, mask), model.head(features).squeeze(-1), atol=1e-5)
    assert torch.allclose(model(ids[:1, :7], mask[:1, :7]), model(ids, mask)[:1], atol=1e-5)
    export_fp32(model, tmp_path / "model.onnx")
    exported = onnx_logits(tmp_path / "model.onnx")(ids.numpy(), mask.numpy())
    assert np.allclose(exported, model(ids, mask).detach().numpy(), atol=1e-4)
