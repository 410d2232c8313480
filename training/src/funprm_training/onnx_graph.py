"""A PRM's ONNX graph: written, checked against PyTorch, run."""

import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from funprm_training.model import PrmModel
from funprm_training.scoring import Logits, torch_logits

PARITY = 1e-4
"""Largest difference of an fp32 ONNX reward from PyTorch's that an export may have."""


def export_fp32(model: PrmModel, path: Path, extra_input: str | None = None) -> None:
    """Writes the graph with free batch and length and checks it against PyTorch.

    `extra_input` (`token_type_ids` or `position_ids`) makes the graph ask for that input too.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ["input_ids", "attention_mask"] + ([extra_input] if extra_input else [])
    example = {name: torch.ones((2, 7), dtype=torch.int64) for name in names}
    shape = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length")}
    model.eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            model,
            kwargs=example,
            input_names=names,
            output_names=["logits"],
            dynamic_shapes={name: shape for name in names},
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    program.save(str(path), external_data=False)
    strip_metadata(path)
    check_parity(model, path)


def strip_metadata(path: Path) -> None:
    """Drops what the exporter notes beside the computation: stack traces with paths of this machine."""
    model = onnx.load(str(path))
    graph = model.graph
    parts = [model, graph, *graph.node, *graph.input, *graph.output, *graph.value_info, *graph.initializer]
    for part in [*parts, *model.functions, *(node for function in model.functions for node in function.node)]:
        del part.metadata_props[:]
        part.doc_string = ""
    onnx.save(model, str(path))


def quantize_per_tensor(source: Path, target: Path) -> None:
    """ONNX Runtime's dynamic int8: rewards depend on the batch. Only for fixtures and comparison."""
    target.parent.mkdir(parents=True, exist_ok=True)
    prepared = target.with_suffix(".prepared.onnx")
    graph = onnx.load(str(source))
    # The exporter's recorded shapes of intermediate values contradict those that the quantiser infers.
    del graph.graph.value_info[:]
    onnx.save(graph, str(prepared))
    quantize_dynamic(
        str(prepared),
        str(target),
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
    )
    prepared.unlink()


def onnx_logits(path: Path, threads: int = 2) -> Logits:
    """An ONNX file as a function of arrays; optional inputs are fed as the manifest says."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    wanted = {entry.name for entry in session.get_inputs()}

    def run(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        feeds = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
            "position_ids": np.broadcast_to(np.arange(ids.shape[1]), ids.shape).copy(),
        }
        return session.run(["logits"], {name: feeds[name] for name in wanted})[0]

    return run


def check_parity(model: PrmModel, path: Path, lengths: tuple[int, ...] = (3, 17, 60)) -> float:
    """Largest difference of rewards, PyTorch against ONNX, on random padded batches; raises over 1e-4."""
    rng = np.random.default_rng(0)
    vocabulary = model.backbone.config.vocab_size
    ids = rng.integers(0, vocabulary, size=(len(lengths), max(lengths)))
    mask = np.stack([(np.arange(max(lengths)) < length).astype(np.int64) for length in lengths])
    reference, exported = torch_logits(model)(ids, mask), onnx_logits(path)(ids, mask)
    valid = mask.astype(bool) if reference.ndim == 2 else np.ones(len(lengths), dtype=bool)
    gap = float(np.abs(_sigmoid(reference) - _sigmoid(exported))[valid].max())
    if gap > PARITY:
        raise ValueError(f"{path.name} differs from PyTorch by {gap:.2e}, more than {PARITY:.0e}")
    return gap


def _sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits.astype(np.float64)))
