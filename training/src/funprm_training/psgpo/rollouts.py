"""Programs of the policy with their verdicts, and where their lines end among the tokens."""

from collections.abc import Sequence as ListOf
from dataclasses import dataclass

import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from funprm_training.psgpo.funprm_rewards import Record, RewardClient
from funprm_training.psgpo.sampling import sample
from funprm_training.psgpo.sequences import Sequence
from funprm_training.psgpo.shaping import Pieces, line_end_tokens


@dataclass(frozen=True)
class LinedProgram:
    """A sampled program: its problem's id, its tokens and text, the verdict, and the last token of every line."""

    problem: str
    sequence: Sequence
    text: str
    record: Record
    line_ends: tuple[int, ...]

    @property
    def passed(self) -> bool | None:
        """None: it could not be judged, and nothing may be learnt from it."""
        return self.record["passed"]


@dataclass(frozen=True)
class Asked:
    """A problem as the policy sees it."""

    problem: str
    prompt: tuple[int, ...]


def asked_of(problems: ListOf[dict], tokenizer: PreTrainedTokenizerBase) -> list[Asked]:
    """Problems of funprm's form, each with its statement as prompt."""
    return [Asked(each["id"], tuple(tokenizer.encode(each["statement"]))) for each in problems]


def draw_programs(
    policy: PreTrainedModel,
    asked: ListOf[Asked],
    pieces: Pieces,
    client: RewardClient,
    *,
    end: int,
    max_new_tokens: int,
    temperature: float,
    generator: torch.Generator,
) -> list[LinedProgram]:
    """One program for every problem asked (a problem may come more than once), judged by funprm."""
    sequences = sample(
        policy,
        [each.prompt for each in asked],
        end=end,
        max_new_tokens=max_new_tokens,
        temperature=temperature,
        generator=generator,
    )
    texts = [pieces.of(each.response) for each in sequences]
    programs = ["".join(text) for text in texts]
    records = client.verdicts([(each.problem, text) for each, text in zip(asked, programs, strict=True)])
    return [
        LinedProgram(each.problem, sequence, program, record, tuple(line_end_tokens(record, text)))
        for each, sequence, program, record, text in zip(asked, sequences, programs, records, texts, strict=True)
    ]
