"""PRMs from any pretrained model, in the folder as its publisher gives it or by its hub id.

A causal LM (Qwen2.5-Coder, Llama, ..) reads a program once, its steps at step marks; an encoder reads every prefix.
Both get one scalar head, and are trained in full or through LoRA (Hu et al. 2021): W + alpha / r B A, in which only
A and B move.
"""

import hashlib
import re
from contextlib import contextmanager
from pathlib import Path

import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.tuners_utils import BaseTunerLayer
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging
from transformers.utils.hub import cached_file

from funprm_training.config import InputError, TrainConfig
from funprm_training.prm.model import PrefixModel, PrmModel, StepMarkModel
from funprm_training.prm.template import Template
from funprm_training.prm.tokenizers import text_only

BEFORE_STATEMENT, AFTER_STATEMENT = "Problem:\n", "\n\nSolution:\n```python\n"
"""What a causal LM sees around the statement; the code follows in the open fence."""


def load_pretrained(config: TrainConfig, download: bool) -> tuple[PrmModel, Tokenizer, Template]:
    """The PRM before training, with adapters where they are asked for. Nothing is downloaded unless `download`."""
    source = _source(config.base)
    with _said(config.base, download), _quiet():
        AutoConfig.from_pretrained(source, local_files_only=not download)
        path = cached_file(
            source, "tokenizer.json", local_files_only=not download, _raise_exceptions_for_missing_entries=False
        )
        if path is None:
            raise InputError(
                f"{config.base} has no tokenizer.json: scoring needs a fast tokenizer; have one written by "
                "AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)"
            )
        named = AutoTokenizer.from_pretrained(source, local_files_only=not download)
        adapted = config.tuning == "lora"
        backbone, found = AutoModel.from_pretrained(
            source,
            dtype=torch.bfloat16 if adapted and config.precision == "bf16" else torch.float32,
            attn_implementation="sdpa",
            local_files_only=not download,
            output_loading_info=True,
        )
    missing = sorted(name for name in found["missing_keys"] if not name.startswith("pooler."))
    if missing:
        raise InputError(f"{config.base} lacks {len(missing)} weights of its model, such as {missing[0]}")
    tokenizer = Tokenizer.from_file(path)
    template = _template(config, backbone, named, tokenizer)
    return _prm(config, backbone), text_only(tokenizer), template


def base_override(base: str | None) -> dict[str, str]:
    """The command line's base model for a configuration; a folder by its full path, since runs are read elsewhere."""
    if base is None:
        return {}
    return {"base": str(Path(base).resolve()) if Path(base).is_dir() else base}


def fingerprint(model: nn.Module) -> str:
    """sha256 of names, shapes and first rows of all weights but adapters and head, whatever precision they are held
    in: what is trained fits one base."""
    digest = hashlib.sha256()
    for name, weight in model.named_parameters():
        if ".lora_" in name or name.startswith("head."):
            continue
        row = weight.detach().reshape(weight.shape[0], -1)[0].bfloat16().float().cpu().numpy()
        digest.update(f"{name.replace('.base_layer.', '.')} {tuple(weight.shape)}".encode())
        digest.update(row.tobytes())
    return digest.hexdigest()


def merge_adapters(model: nn.Module) -> None:
    """Adds every adapter to the weight that it adapts and takes it out; the model computes the same as before."""
    for name, layer in list(model.named_modules()):
        if isinstance(layer, BaseTunerLayer):
            layer.merge(safe_merge=True)
            model.set_submodule(name, layer.get_base_layer())


def _prm(config: TrainConfig, backbone: PreTrainedModel) -> PrmModel:
    backbone.config.use_cache = False
    if config.gradient_checkpointing:
        backbone.activation_checkpointing_enable({"use_reentrant": False})
        # This kind needs no gradients of embeddings, and torch.func knows none that are asked for inside.
        backbone.disable_input_require_grads()
    if getattr(backbone, "pooler", None) is not None:
        backbone.pooler.requires_grad_(False)
    if config.tuning == "lora":
        adapters = LoraConfig(
            r=config.lora_rank, lora_alpha=config.lora_alpha, target_modules=list(config.lora_targets), lora_dropout=0.0
        )
        try:
            inject_adapter_in_model(adapters, backbone)
        except ValueError as error:
            names = sorted({name.rsplit(".", 1)[-1] for name, part in backbone.named_modules() if _is_linear(part)})
            raise InputError(f"lora_targets: {error} Its linear layers are {', '.join(names)}.") from error
        # Small changes are lost in bfloat16: what is trained is float32, whatever the precision of the other weights.
        for weight in backbone.parameters():
            if weight.requires_grad:
                weight.data = weight.data.float()
    return StepMarkModel(backbone) if config.family == "causal-lm" else PrefixModel(backbone)


def _template(
    config: TrainConfig, backbone: PreTrainedModel, named: PreTrainedTokenizerBase, tokenizer: Tokenizer
) -> Template:
    longest = getattr(backbone.config, "max_position_embeddings", None)
    if longest is not None and config.context_length > longest:
        raise InputError(f"context_length {config.context_length} is over the {longest} places of {config.base}")
    known = (named.pad_token_id, getattr(backbone.config, "pad_token_id", None), 0)
    pad = next(token for token in known if token is not None)
    if config.family == "encoder":
        first, last = named.cls_token_id, named.sep_token_id
        return Template("prefix", config.context_length, pad=pad, first=first, between=last, last=last)
    return Template(
        "step-mark",
        config.context_length,
        pad=pad,
        before_statement=BEFORE_STATEMENT,
        after_statement=AFTER_STATEMENT,
        first=named.bos_token_id,
        mark=_mark(config.mark, tokenizer),
    )


def _mark(text: str, tokenizer: Tokenizer) -> int:
    """The id of a token of the vocabulary, special ones too, or of the last one that the text is cut into."""
    token = tokenizer.token_to_id(text)
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    if token is None and not ids:
        raise InputError(f"mark {text!r} is no token of the base model's tokenizer")
    return ids[-1] if token is None else token


def _source(base: str) -> str:
    if not base:
        raise InputError("the configuration names no base model: give its folder with --base DIR")
    if Path(base).is_dir() or re.fullmatch(r"[\w.-]+/[\w.-]+", base):
        return base
    raise InputError(f"base {base}: expected a folder with config.json, tokenizer.json and weights, got none")


@contextmanager
def _said(base: str, download: bool):  # noqa: ANN202
    """Errors of a hub or folder in the words of this package."""
    try:
        yield
    except OSError as error:
        if Path(base).is_dir() or download:
            raise InputError(f"base {base} cannot be loaded: {error}") from error
        raise InputError(
            f"base {base} is no folder here and not in the hub's cache: name its folder with --base DIR, or let it be "
            "downloaded with --download"
        ) from error


@contextmanager
def _quiet():  # noqa: ANN202
    """Without the loader's report of the vocabulary head that is left out; what is missing is looked at."""
    before, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(before)
        if bars:
            logging.enable_progress_bar()


def _is_linear(part: nn.Module) -> bool:
    return isinstance(part, nn.Linear)
