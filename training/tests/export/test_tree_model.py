"""Programs scored as a tree get the rewards of one pass per prefix; weights may be next to the graph."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import pytest
import torch
from torch import nn
from transformers import BertConfig, BertModel

from funprm_training.export.fixture_models import tiny_decoder
from funprm_training.export.manifest import write_manifest
from funprm_training.export.onnx_graph import check_parity, data_path, export_fp32, export_tree
from funprm_training.export.onnx_session import onnx_logits, open_session
from funprm_training.export.quantize import quantize_per_token
from funprm_training.export.tree_model import TreeModel
from funprm_training.prm.model import PrefixModel, StepMarkModel
from funprm_training.prm.template import Template

VOCABULARY = 60
OLDER = 5_000_000
# A trunk of 5 tokens, two branches of 4 and 3, and below the first branch two leaves of 2.
SEQUENCES = [
    [1, 7, 7, 9, 3, 20, 21, 22, 23, 30, 31],
    [1, 7, 7, 9, 3, 20, 21, 22, 23, 40, 41],
    [1, 7, 7, 9, 3, 50, 51, 52],
]
STREAM = [1, 7, 7, 9, 3, 20, 21, 22, 23, 30, 31, 40, 41, 50, 51, 52]
PARENT = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 8, 11, 4, 13, 14]


@pytest.fixture(scope="module")
def model() -> StepMarkModel:
    torch.manual_seed(3)
    return tiny_decoder(VOCABULARY)


@pytest.fixture(scope="module")
def graph(model: StepMarkModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tree") / "onnx/model.onnx"
    write_older_weights(path)
    export_tree(model, path)
    return path


def write_older_weights(graph: Path) -> None:
    """A file of weights that an export before left next to the graph, larger than any here."""
    graph.parent.mkdir(parents=True)
    data_path(graph).write_bytes(bytes(OLDER))


def ancestors(place: int) -> list[int]:
    """Places of a token's ancestors, the root first."""
    return [] if PARENT[place] < 0 else [*ancestors(PARENT[place]), PARENT[place]]


def run_tree(session: ort.InferenceSession, cuts: list[int]) -> np.ndarray:
    """Logits of STREAM, computed in calls that end at `cuts`."""
    row = next(item.shape[1:] for item in session.get_inputs() if item.name == "past")
    rows = np.zeros((len(STREAM), *row), np.float32)
    logits = np.zeros(len(STREAM), np.float32)
    for start, end in zip([0, *cuts], [*cuts, len(STREAM)], strict=True):
        past = ancestors(start)
        seen = [max(i for i in range(len(STREAM)) if i == j or j in ancestors(i)) for j in [*past, *range(start, end)]]
        feeds = {
            "input_ids": np.array(STREAM[start:end]),
            "position_ids": np.array([len(ancestors(i)) for i in range(start, end)]),
            "visible_until": np.minimum(np.array(seen) + 1, end) - start,
            "past": rows[past],
        }
        logits[start:end], rows[start:end] = session.run(["logits", "present"], feeds)
    return logits


@pytest.mark.parametrize("cuts", [[], [5], [3, 10], [7, 12], list(range(1, len(STREAM)))])
def test_every_token_of_a_tree_has_the_logit_of_its_own_sequence(
    model: StepMarkModel, graph: Path, cuts: list[int]
) -> None:
    found = run_tree(open_session(graph), cuts)
    for place, value in enumerate(found):
        ids = torch.tensor([[STREAM[i] for i in [*ancestors(place), place]]])
        with torch.inference_mode():
            assert abs(float(model(ids, torch.ones_like(ids))[0, -1]) - value) < 1e-5


def test_int8_follows_fp32_and_hardly_depends_on_the_cuts(graph: Path, tmp_path: Path) -> None:
    quantize_per_token(graph, tmp_path / "int8.onnx")
    int8 = open_session(tmp_path / "int8.onnx")
    whole, fp32 = run_tree(int8, []), run_tree(open_session(graph), [])
    assert np.corrcoef(whole, fp32)[0, 1] > 0.99
    for cuts in ([5], [3, 10], list(range(1, len(STREAM)))):
        assert np.abs(run_tree(int8, cuts) - whole).max() < 1e-2
    kinds = [node.op_type for node in onnx.load(str(tmp_path / "int8.onnx")).graph.node]
    # Seven products a layer; the head stays fp32.
    assert kinds.count("MatMulIntegerToFloat") == 2 * 7


def test_weights_over_the_limit_lie_beside_the_graph(model: StepMarkModel, graph: Path, tmp_path: Path) -> None:
    large, int8 = tmp_path / "onnx/model.onnx", tmp_path / "int8/model_int8.onnx"
    for path in (large, int8):
        write_older_weights(path)
    export_tree(model, large, largest_file=1000)
    quantize_per_token(large, int8, largest_file=1000)
    quantize_per_token(graph, tmp_path / "small.onnx")
    for path in (large, int8):
        assert path.stat().st_size / 4 < data_path(path).stat().st_size < OLDER, "an older file is replaced"
        assert str(tmp_path).encode() not in path.read_bytes()
    assert check_parity(model, large) < 1e-5
    ids = np.array([STREAM])
    logits = [onnx_logits(path)(ids, np.ones_like(ids)) for path in (int8, tmp_path / "small.onnx")]
    assert np.array_equal(*logits)
    template = Template("step-mark", 96, 0, mark=4)
    paths = {"model": "model_int8.onnx"}
    manifest = write_manifest(
        int8.parent, name="m", version="1", architecture="decoder", template=template, files=paths, aggregate="mean"
    )
    assert [entry["path"] for entry in manifest["files"]["externalData"]] == ["model_int8.onnx.data"]
    assert json.loads((int8.parent / "prm.json").read_text()) == manifest


def test_an_older_file_with_weights_is_gone_where_none_is_needed(graph: Path) -> None:
    assert not data_path(graph).exists()


def test_an_encoder_loses_the_guards_of_its_softmax_and_nothing_else(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=VOCABULARY,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        attn_implementation="sdpa",
    )
    model = PrefixModel(BertModel(config, add_pooling_layer=False)).eval()
    nn.init.normal_(model.head.weight)
    export_fp32(model, tmp_path / "model.onnx")
    assert "IsNaN" not in [node.op_type for node in onnx.load(str(tmp_path / "model.onnx")).graph.node]
    assert check_parity(model, tmp_path / "model.onnx", (1, 2, 50)) < 1e-5


def test_the_shape_of_a_cache_row_is_the_models(model: StepMarkModel) -> None:
    assert TreeModel(model).row == (2, 2, 2, 12)
