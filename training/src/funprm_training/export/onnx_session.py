"""A PRM's ONNX graph in ONNX Runtime, as a function of arrays."""

from pathlib import Path

import numpy as np
import onnxruntime as ort

from funprm_training.prm.scoring import Logits


def open_session(path: Path, threads: int = 2) -> ort.InferenceSession:
    """The graph in ONNX Runtime on the CPU."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def onnx_logits(path: Path, threads: int = 2) -> Logits:
    """An ONNX file of either form as a function of arrays; optional inputs are fed as the manifest says."""
    session = open_session(path, threads)
    wanted = {entry.name for entry in session.get_inputs()}
    if "visible_until" in wanted:
        return lambda ids, mask: np.stack([_one_branch(session, row) for row in ids])

    def run(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        feeds = {
            "input_ids": ids,
            "attention_mask": mask,
            "token_type_ids": np.zeros_like(ids),
            "position_ids": np.broadcast_to(np.arange(ids.shape[1]), ids.shape).copy(),
        }
        return session.run(["logits"], {name: feeds[name] for name in wanted})[0]

    return run


def _one_branch(session: ort.InferenceSession, ids: np.ndarray) -> np.ndarray:
    """Logits `[n]` of a tree that is a single sequence `[n]`; padding at its end changes nothing before it."""
    row = next(entry.shape[1:] for entry in session.get_inputs() if entry.name == "past")
    feeds = {
        "input_ids": ids,
        "position_ids": np.arange(len(ids)),
        "visible_until": np.full(len(ids), len(ids)),
        "past": np.zeros((0, *row), np.float32),
    }
    return session.run(["logits"], feeds)[0]
