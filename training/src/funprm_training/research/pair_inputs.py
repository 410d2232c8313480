"""Programs to model inputs for training, and the logits of their steps back from the output."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from funprm_training.prm.model import PrmModel
from funprm_training.prm.scoring import Request, pad_batch
from funprm_training.prm.template import (
    Encode,
    Template,
    Tokens,
    TokenSequence,
    prefix_sequence,
    step_mark_sequence,
    tokenize,
)


class PairInputs:
    """Tokenises programs (remembering the latest) and runs a model over them."""

    def __init__(self, template: Template, encode: Encode, micro_batch: int) -> None:
        self.template = template
        self.micro_batch = micro_batch
        self._tokens = lru_cache(maxsize=20_000)(
            lambda program: tokenize(program.statement, program.steps, template, encode)
        )

    def sequences(self, program: Request, rng: np.random.Generator) -> list[TokenSequence]:
        """`step-mark`: the program. `prefix`: the whole program and, to save time, one of its proper prefixes."""
        tokens: Tokens = self._tokens(program)
        if self.template.reading == "step-mark":
            return [step_mark_sequence(tokens, self.template)]
        last = len(tokens.steps) - 1
        chosen = [last] if last == 0 else [int(rng.integers(last)), last]
        return [prefix_sequence(tokens, step, self.template) for step in chosen]

    def micro_batches(self, pairs: Sequence[tuple[Request, Request]]) -> list[list[int]]:
        """Places of the pairs, longest together, so that little padding is computed."""
        order = sorted(range(len(pairs)), key=lambda place: max(self._length(program) for program in pairs[place]))
        size = max(self.micro_batch // 2, 1)
        return [order[start : start + size] for start in range(0, len(order), size)]

    def _length(self, program: Request) -> int:
        tokens: Tokens = self._tokens(program)
        return min(len(tokens.statement) + sum(map(len, tokens.steps)), self.template.context_length)

    def step_logits(self, model: PrmModel, programs: Sequence[Request], rng: np.random.Generator) -> list[Tensor]:
        """Logits `[steps]` of each program, in float32, from one forward pass in bfloat16."""
        sequences = [self.sequences(program, rng) for program in programs]
        flat = [sequence for group in sequences for sequence in group]
        ids, mask = pad_batch([sequence.ids for sequence in flat], self.template.pad)
        device = model.head.weight.device
        with torch.autocast(device.type, torch.bfloat16):
            output = model(torch.from_numpy(ids).to(device), torch.from_numpy(mask).to(device)).float()
        result, row = [], 0
        for group in sequences:
            if self.template.reading == "step-mark":
                result.append(output[row, group[0].marks])
            else:
                result.append(output[row : row + len(group)])
            row += len(group)
        return result
