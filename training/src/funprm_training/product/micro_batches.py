"""Programs with step rewards as model input, in micro-batches that processes share."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from accelerate import Accelerator
from torch import Tensor
from torch.func import functional_call

from funprm_training.config import TrainConfig
from funprm_training.prm.family import Family
from funprm_training.prm.scoring import Request, pad_batch, request_sequences
from funprm_training.product.step_rewards import RewardedProgram
from funprm_training.product.two_level import Params


@dataclass(frozen=True)
class Batch:
    """Programs as model input: ids and mask `[sequences, length]`; logit i is read at `rows[i]`, `marks[i]`; `items`
    `[prefixes]` and `owner` `[prefixes]`, the program of each."""

    ids: Tensor
    mask: Tensor
    rows: Tensor
    marks: Tensor
    items: Tensor
    owner: Tensor


def batch_of(family: Family, programs: Sequence[RewardedProgram], statement: bool) -> Batch:
    """All prefixes of the programs: one sequence a program (step-mark) or a prefix."""
    sequences, rows, marks, items, owner = [], [], [], [], []
    for number, program in enumerate(programs):
        request = Request(program.statement if statement else "", program.steps)
        for sequence in request_sequences(request, family.template, family.encode):
            places = sequence.marks or [0]
            rows += [len(sequences)] * len(places)
            marks += places
            sequences.append(sequence.ids)
        items += program.items
        owner += [number] * len(program.items)
    ids, mask = map(torch.from_numpy, pad_batch(sequences, family.template.pad))
    device = next(family.model.parameters()).device
    parts = (ids, mask, *map(torch.tensor, (rows, marks, items, owner)))
    return Batch(*(part.to(device) for part in parts))


def logits_of(family: Family, params: Params, batch: Batch) -> Tensor:
    """Logits `[prefixes]`; with `params` in the place of the model's own."""
    with torch.autocast(batch.ids.device.type, torch.bfloat16, enabled=family.autocast):
        output = functional_call(family.model, params, (batch.ids, batch.mask)).float()
    return output[batch.rows, batch.marks] if output.dim() == 2 else output


def own_parts(
    programs: Sequence[RewardedProgram], config: TrainConfig, processes: Accelerator
) -> list[tuple[int, Sequence[RewardedProgram]]]:
    """The micro-batches of this process with their numbers; together the processes have every one once."""
    parts = [programs[start : start + config.micro_batch] for start in range(0, len(programs), config.micro_batch)]
    return list(enumerate(parts))[processes.process_index :: processes.num_processes]
