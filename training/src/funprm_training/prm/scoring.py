"""Rewards from a model for requests of statement and steps: the reference that the ONNX scorer must equal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from funprm_training.prm.model import PrmModel
from funprm_training.prm.template import (
    Encode,
    Template,
    TokenSequence,
    prefix_sequences,
    step_mark_sequence,
    tokenize,
)

Logits = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Ids and mask, int64 `[batch, length]`, to logits `[batch]`, `[batch, 1]` or `[batch, length]`."""


@dataclass(frozen=True)
class Request:
    """A program to be scored: the statement and the texts of its steps."""

    statement: str
    steps: tuple[str, ...]


def request_sequences(request: Request, template: Template, encode: Encode) -> list[TokenSequence]:
    """One sequence a step (`prefix`) or one for the whole program (`step-mark`)."""
    tokens = tokenize(request.statement, request.steps, template, encode)
    if not request.steps:
        return []
    if template.reading == "prefix":
        return prefix_sequences(tokens, template)
    return [step_mark_sequence(tokens, template)]


def pad_batch(sequences: Sequence[Sequence[int]], pad: int) -> tuple[np.ndarray, np.ndarray]:
    """Ids and mask, int64 `[batch, longest]`, padded on the right."""
    longest = max(len(ids) for ids in sequences)
    ids = np.full((len(sequences), longest), pad, dtype=np.int64)
    mask = np.zeros((len(sequences), longest), dtype=np.int64)
    for row, sequence in enumerate(sequences):
        ids[row, : len(sequence)] = sequence
        mask[row, : len(sequence)] = 1
    return ids, mask


def torch_logits(model: PrmModel) -> Logits:
    """The model in evaluation mode as a function of arrays."""

    def run(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        model.eval()
        with torch.inference_mode():
            return model(torch.from_numpy(ids), torch.from_numpy(mask)).float().numpy()

    return run


def score(
    requests: Sequence[Request],
    template: Template,
    encode: Encode,
    logits: Logits,
    batch_size: int = 16,
    *,
    signed: bool = False,
) -> list[list[float]]:
    """Rewards in [0, 1], one a step, for every request, in order. Batches hold sequences of like length. Of a `signed`
    model V = (R + 1) / 2, cut to [0, 1]."""
    inputs = [
        (index, sequence)
        for index, request in enumerate(requests)
        for sequence in request_sequences(request, template, encode)
    ]
    order = sorted(range(len(inputs)), key=lambda place: len(inputs[place][1].ids))
    values: dict[int, list[float]] = {}
    for start in range(0, len(order), batch_size):
        places = order[start : start + batch_size]
        output = logits(*pad_batch([inputs[place][1].ids for place in places], template.pad))
        for row, place in enumerate(places):
            sequence = inputs[place][1]
            # A decoder that is read once a prefix is read at the prefix's last token.
            last = len(sequence.ids) - 1 if np.ndim(output[row]) and len(output[row]) > 1 else 0
            found = np.atleast_1d(output[row])[sequence.marks or [last]]
            values[place] = (((found + 1) / 2).clip(0, 1) if signed else sigmoid(found)).tolist()
    rewards: list[list[float]] = [[] for _ in requests]
    for place, (index, _) in enumerate(inputs):
        rewards[index].extend(values[place])
    return rewards


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Logits to rewards in [0, 1], in float64."""
    return 1 / (1 + np.exp(-logits.astype(np.float64)))
