"""What a frozen transformer makes of a prefix: the material of linear heads.

For every prefix the mean hidden state over all tokens and over those of the code, after each of some layers. Kept in
shards of a folder, so that a stopped run goes on; sequences of like length are computed together.
"""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from funprm_training.atomic_write import replacing
from funprm_training.prm.family import Family, read_layers
from funprm_training.prm.scoring import Request, pad_batch
from funprm_training.prm.template import TokenSequence, prefix_sequence, step_mark_sequence, tokenize

SHARD = 200
BATCH = 8


def embed(family: Family, requests: Sequence[Request], folder: Path, log: Callable[[str], None]) -> np.ndarray:
    """Pooled hidden states of whole requests, float16 `[requests, layers, 2, width]`: all tokens, the code."""
    shards = []
    for start in range(0, len(requests), SHARD):
        path = folder / f"{start // SHARD:04}.npy"
        if not path.exists():
            with replacing(path) as partial, partial.open("wb") as file:
                np.save(file, _pooled(family, requests[start : start + SHARD]))
            log(f"{min(start + SHARD, len(requests))} of {len(requests)}")
        shards.append(np.load(path))
    return np.concatenate(shards)


def sequence_of(family: Family, request: Request) -> TokenSequence:
    """The one sequence in which a whole request is read."""
    tokens = tokenize(request.statement, request.steps, family.template, family.encode)
    if family.template.reading == "step-mark":
        return step_mark_sequence(tokens, family.template)
    return prefix_sequence(tokens, len(request.steps) - 1, family.template)


def _pooled(family: Family, requests: Sequence[Request]) -> np.ndarray:
    sequences = [sequence_of(family, request).ids for request in requests]
    order = sorted(range(len(sequences)), key=lambda place: len(sequences[place]))
    rows: dict[int, np.ndarray] = {}
    for start in range(0, len(order), BATCH):
        places = order[start : start + BATCH]
        ids, mask = map(torch.from_numpy, pad_batch([sequences[place] for place in places], family.template.pad))
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
            states = family.model.backbone(
                input_ids=ids, attention_mask=mask, output_hidden_states=True, use_cache=False
            ).hidden_states
        code = mask * (torch.cumsum(ids == family.template.between, dim=1) > 0)
        layers = read_layers(family.model.backbone.config.num_hidden_layers)
        pooled = torch.stack([pool(states[layer].float(), mask, code) for layer in layers], dim=1)
        rows.update(zip(places, pooled.numpy().astype(np.float16), strict=True))
    return np.stack([rows[place] for place in range(len(sequences))])


def pool(hidden: Tensor, mask: Tensor, code: Tensor) -> Tensor:
    """Means of `[batch, length, width]` over all tokens and over the code: `[batch, 2, width]`."""
    weights = torch.stack([mask, code], dim=1).to(hidden.dtype)
    return weights @ hidden / weights.sum(dim=-1, keepdim=True).clamp(min=1)


def progress(line: str) -> None:
    """A line on stdout at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
