"""The signed PRM of lines: mean squared error on [-1, 1], read at the last token of every line."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from transformers import PreTrainedModel

from funprm_training.psgpo.line_labels import LineLabels
from funprm_training.psgpo.models import fresh_classifier
from funprm_training.psgpo.rollouts import LinedProgram
from funprm_training.psgpo.sequences import batch_of, token_outputs


@torch.no_grad()
def line_rewards(prm: PreTrainedModel, programs: Sequence[LinedProgram], pad: int, minibatch: int) -> list[list[float]]:
    """R in [-1, 1] of every line."""
    found = []
    for start in range(0, len(programs), minibatch):
        group = programs[start : start + minibatch]
        said = token_outputs(prm, batch_of([each.sequence for each in group], pad, prm.device)).clamp(-1, 1).cpu()
        for row, program in enumerate(group):
            first = len(program.sequence.prompt)
            found.append([said[row, first + token].item() for token in program.line_ends])
    return found


def line_loss(prm: PreTrainedModel, programs: Sequence[LinedProgram], labels: Sequence[LineLabels], pad: int) -> Tensor:
    """Mean squared error over the lines with code."""
    said = token_outputs(prm, batch_of([each.sequence for each in programs], pad, prm.device))
    rows, places, wanted = [], [], []
    for row, (program, label) in enumerate(zip(programs, labels, strict=True)):
        for line, (token, step) in enumerate(zip(program.line_ends, program.record["steps"], strict=True)):
            if step["code"]:
                rows.append(row)
                places.append(len(program.sequence.prompt) + token)
                wanted.append(float(label.of(line)))
    return ((said[rows, places] - torch.tensor(wanted, device=said.device)) ** 2).mean()


def train_line_prm(
    policy_folder: str,
    programs: Sequence[LinedProgram],
    labels: Sequence[LineLabels],
    out: Path,
    *,
    pad: int,
    device: torch.device,
    epochs: int = 6,
    minibatch: int = 32,
    learning_rate: float = 5e-4,
    seed: int = 1,
    tell: Callable[[str], None] = print,
) -> PreTrainedModel:
    """A PRM that starts from the policy's body; saved into `out` in the form of AutoModelForTokenClassification."""
    prm = fresh_classifier(policy_folder, device)
    optimizer = torch.optim.AdamW(prm.parameters(), lr=learning_rate, weight_decay=0.01)
    generator = torch.Generator().manual_seed(seed)
    steps = epochs * -(-len(programs) // minibatch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, total_steps=steps, pct_start=0.1)
    for epoch in range(epochs):
        order, total = torch.randperm(len(programs), generator=generator).tolist(), 0.0
        for start in range(0, len(order), minibatch):
            group = order[start : start + minibatch]
            loss = line_loss(prm, [programs[at] for at in group], [labels[at] for at in group], pad)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(prm.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item() * len(group)
        tell(f"epoch {epoch + 1} of {epochs}: squared error {total / len(order):.3f}")
    prm.save_pretrained(out)
    return prm
