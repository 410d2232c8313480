"""A PRM's ONNX graph: written and checked against PyTorch.

Two forms. `rows` takes padded sequences and gives one logit a sequence, or one a token. `tree` takes the tokens of
many programs of a problem as a tree and computes what they share once (tree_model.py); decoders are exported so.
"""

import warnings
from pathlib import Path
from typing import Any, Literal

import numpy as np
import onnx
import torch
from torch import nn

from funprm_training.export.onnx_session import onnx_logits
from funprm_training.export.tree_model import TreeModel, has_tree_form
from funprm_training.prm.model import PrmModel, StepMarkModel
from funprm_training.prm.scoring import sigmoid, torch_logits

GraphForm = Literal["rows", "tree"]

PARITY = 1e-4
"""Largest difference of an fp32 ONNX reward from PyTorch's that an export may have."""
LARGEST_FILE = 2_000_000_000
"""Bytes of weights that may lie in the graph's own file: protobuf ends at 2 GiB. More go to a file next to it."""


def export_fp32(model: PrmModel, path: Path, extra_input: str | None = None, largest_file: int = LARGEST_FILE) -> None:
    """Writes the `rows` graph with free batch and length and checks it against PyTorch.

    `extra_input` (`token_type_ids` or `position_ids`) makes the graph ask for that input too.
    """
    names = ["input_ids", "attention_mask"] + ([extra_input] if extra_input else [])
    example = {name: torch.ones((2, 7), dtype=torch.int64) for name in names}
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length")}
    _export(model, example, {name: shape for name in names}, ["logits"], path, largest_file)
    check_parity(model, path)


def export_tree(model: StepMarkModel, path: Path, largest_file: int = LARGEST_FILE) -> None:
    """Writes the `tree` graph of a decoder with free length and cache and checks it against PyTorch."""
    tree = TreeModel(model)
    example = {
        "input_ids": torch.ones(7, dtype=torch.int64),
        "position_ids": torch.arange(5, 12),
        "visible_until": torch.full((12,), 7),
        "past": torch.zeros(5, *tree.row),
    }
    dynamic = {name: {0: torch.export.Dim.DYNAMIC} for name in example}
    _export(tree, example, dynamic, ["logits", "present"], path, largest_file)
    check_parity(model, path)


def export_graph(model: PrmModel, path: Path, context_length: int, largest_file: int = LARGEST_FILE) -> GraphForm:
    """Writes the form that scores the model at the least cost, and says which one it is."""
    if has_tree_form(model, context_length):
        export_tree(model, path, largest_file)
        return "tree"
    export_fp32(model, path, largest_file=largest_file)
    return "rows"


def _export(
    module: nn.Module,
    example: dict[str, torch.Tensor],
    dynamic: dict[str, Any],
    outputs: list[str],
    path: Path,
    largest_file: int,
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    module.eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module,
            kwargs=example,
            input_names=list(example),
            output_names=outputs,
            dynamic_shapes=dynamic,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    data = data_path(path)
    data.unlink(missing_ok=True)
    size = sum(value.numel() * value.element_size() for value in module.state_dict().values())
    program.save(str(path), external_data=size > largest_file)
    graph = onnx.load(str(path), load_external_data=False)
    strip_metadata(graph)
    drop_softmax_guards(graph)
    onnx.save(graph, str(path))


def data_path(path: Path) -> Path:
    """The file for weights that are too large for the graph's own."""
    return path.with_name(f"{path.name}.data")


def strip_metadata(model: onnx.ModelProto) -> None:
    """Drops what the exporter notes besides the computation: stack traces with paths of this machine."""
    graph = model.graph
    parts = [model, graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer]
    for part in [*parts, *model.functions, *(node for function in model.functions for node in function.node)]:
        del part.metadata_props[:]
        part.doc_string = ""


def drop_softmax_guards(model: onnx.ModelProto) -> None:
    """Drops `Where(IsNaN(p), 0, p)` behind each softmax: a quarter of MiniLM's int8 time on a CPU.

    PyTorch's attention guards against rows that see nothing; here every token sees itself.
    """
    graph = model.graph
    guarded = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "IsNaN"}
    renamed = {
        node.output[0]: node.input[2]
        for node in graph.node
        if node.op_type == "Where" and guarded.get(node.input[0]) == node.input[2]
    }
    kept = [node for node in graph.node if node.output[0] not in renamed and node.output[0] not in guarded]
    for node in kept:
        for place, name in enumerate(node.input):
            node.input[place] = renamed.get(name, name)
    del graph.node[:]
    graph.node.extend(kept)


def check_parity(model: PrmModel, path: Path, lengths: tuple[int, ...] = (3, 17, 60)) -> float:
    """Largest difference of rewards, PyTorch against ONNX, on random padded batches; raises over 1e-4."""
    rng = np.random.default_rng(0)
    vocabulary = model.backbone.config.vocab_size
    ids = rng.integers(0, vocabulary, size=(len(lengths), max(lengths)))
    mask = np.stack([(np.arange(max(lengths)) < length).astype(np.int64) for length in lengths])
    reference, exported = torch_logits(model)(ids, mask), onnx_logits(path)(ids, mask)
    valid = mask.astype(bool) if reference.ndim == 2 else np.ones(len(lengths), dtype=bool)
    gap = float(np.abs(sigmoid(reference) - sigmoid(exported))[valid].max())
    if gap > PARITY:
        raise ValueError(f"{path.name} differs from PyTorch by {gap:.2e}, more than {PARITY:.0e}")
    return gap
