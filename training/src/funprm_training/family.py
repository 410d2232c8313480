"""The two families of PRMs: model, tokenizer and template that belong together."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from funprm_training.config import TrainConfig
from funprm_training.data import ProblemPool
from funprm_training.model import PrefixModel, PrmModel, StepMarkModel, decoder_backbone, minilm_backbone
from funprm_training.template import Encode, Template
from funprm_training.tokenizers import (
    decoder_template,
    encoder_of,
    minilm_template,
    minilm_tokenizer,
    text_only,
    train_decoder_tokenizer,
)


@dataclass(frozen=True)
class Family:
    """A PRM in PyTorch with everything that turns text into its input."""

    architecture: str
    model: PrmModel
    tokenizer: Tokenizer
    template: Template
    encode: Encode


def build(config: TrainConfig, out: Path, pools: list[ProblemPool]) -> Family:
    """A model before training; the decoder's tokenizer is trained on `pools` once and kept in `out`."""
    torch.manual_seed(config.seed)
    if config.family == "minilm":
        tokenizer = minilm_tokenizer()
        template = minilm_template(config.context_length)
        return Family("encoder", PrefixModel(minilm_backbone()), tokenizer, template, encoder_of(tokenizer))
    path = out / "tokenizer.json"
    if not path.exists():
        train_decoder_tokenizer(texts(pools), config.vocabulary).save(str(path))
    tokenizer = text_only(Tokenizer.from_file(str(path)))
    backbone = decoder_backbone(
        tokenizer.get_vocab_size(), config.context_length, config.layers, config.width, config.heads
    )
    template = decoder_template(config.context_length)
    return Family("decoder", StepMarkModel(backbone), tokenizer, template, encoder_of(tokenizer))


def texts(pools: list[ProblemPool], programs_per_problem: int = 20) -> Iterator[str]:
    """Statements and programs, at most so many a problem that no problem rules the vocabulary."""
    for pool in pools:
        yield pool.statement
        yield from (candidate.code for candidate in pool.candidates[:programs_per_problem])
