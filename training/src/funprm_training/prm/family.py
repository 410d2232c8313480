"""The families of PRMs: model, tokenizer and template that belong together."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

from funprm_training.atomic_write import replacing
from funprm_training.config import TrainConfig
from funprm_training.prm.model import (
    CodeMeanModel,
    PrefixModel,
    PrmModel,
    StepMarkModel,
    decoder_backbone,
    minilm_backbone,
)
from funprm_training.prm.pretrained import fingerprint, load_pretrained
from funprm_training.prm.template import Encode, Template
from funprm_training.prm.tokenizers import (
    decoder_template,
    encoder_of,
    minilm_template,
    minilm_tokenizer,
    text_only,
    train_decoder_tokenizer,
)


@dataclass(frozen=True)
class Family:
    """A PRM in PyTorch with everything that turns text into its input. `base` is the fingerprint of the pretrained
    model that it begins from, `autocast` whether it is trained in bfloat16 over weights of float32. The output of a
    `signed` one is R in [-1, 1] itself."""

    architecture: str
    model: PrmModel
    tokenizer: Tokenizer
    template: Template
    encode: Encode
    base: str = ""
    autocast: bool = False
    signed: bool = False


def build(config: TrainConfig, out: Path, texts: Iterable[str] = (), download: bool = False) -> Family:
    """A model before training; the decoder's tokenizer is trained on `texts` once and kept in `out`. Only a base model
    named by a hub id is downloaded, and only with `download`."""
    torch.manual_seed(config.seed)
    if config.family in ("causal-lm", "encoder"):
        model, tokenizer, template = load_pretrained(config, download)
        architecture = "decoder" if config.family == "causal-lm" else "encoder"
        autocast = config.precision == "bf16" and config.tuning == "full"
        encode = encoder_of(tokenizer)
        return Family(
            architecture, model, tokenizer, template, encode, fingerprint(model), autocast, signed=config.signed
        )
    if config.family == "minilm":
        tokenizer = minilm_tokenizer()
        template = minilm_template(config.context_length)
        backbone = minilm_backbone()
        if config.pooling == "code":
            model = CodeMeanModel(backbone, read_layers(backbone.config.num_hidden_layers), template.between or 0)
        else:
            model = PrefixModel(backbone)
        return Family("encoder", model, tokenizer, template, encoder_of(tokenizer), signed=config.signed)
    path = out / "tokenizer.json"
    if not path.exists():
        with replacing(path) as partial:
            train_decoder_tokenizer(texts, config.vocabulary).save(str(partial))
    tokenizer = text_only(Tokenizer.from_file(str(path)))
    backbone = decoder_backbone(
        tokenizer.get_vocab_size(), config.context_length, config.layers, config.width, config.heads
    )
    template = decoder_template(config.context_length)
    return Family("decoder", StepMarkModel(backbone), tokenizer, template, encoder_of(tokenizer), signed=config.signed)


def read_layers(count: int) -> tuple[int, ...]:
    """Three of `count` layers, evenly spaced, the last among them."""
    return tuple(sorted({-(-count // 3), -(-2 * count // 3), count}))
