"""A trained PRM to a folder that funprm can score with: ONNX fp32 and int8, tokenizer, `prm.json`."""

import json
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
    check_parity(model, path)


def quantize_int8(
    source: Path, target: Path, *, per_channel: bool = True, exclude: tuple[str, ...] = ()
) -> None:
    """Dynamic int8: weights of matrix products in 8 bits, activations quantised at run time.

    `exclude` names nodes (by the beginning of their name) that stay in fp32.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    prepared = target.with_suffix(".prepared.onnx")
    graph = onnx.load(str(source))
    # The exporter's recorded shapes of intermediate values contradict those that the quantiser infers.
    del graph.graph.value_info[:]
    onnx.save(graph, str(prepared))
    kept = [node.name for node in graph.graph.node if any(node.name.startswith(name) for name in exclude)]
    quantize_dynamic(
        str(prepared),
        str(target),
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=per_channel,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=kept,
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
    """Largest difference between sigmoid outputs of PyTorch and ONNX on random padded batches; raises over 1e-4."""
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


def write_tokenizer_config(folder: Path, context_length: int, pad: str, unknown: str | None = None) -> None:
    """The little that a tokenizer reader needs beside `tokenizer.json`."""
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": context_length,
        "clean_up_tokenization_spaces": False,
        "pad_token": pad,
    }
    if unknown is not None:
        config["unk_token"] = unknown
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
