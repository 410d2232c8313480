"""Folders of pretrained models like hub snapshots, tiny and with random weights, for the training tests."""

import json
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM,
    AutoModelForMaskedLM,
    BertConfig,
    LlamaConfig,
    MistralConfig,
    PretrainedConfig,
    Qwen2Config,
    Qwen3Config,
)

from funprm_training.config import TrainConfig
from funprm_training.prm.family import Family

STEPS = ("def f(x):\n    return x\n\n\n", "def g(x):\n    return f(x)\n\n\n", "print(g(2))\n")
SIZE = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 24}
DECODER = {**SIZE, "num_key_value_heads": 2, "max_position_embeddings": 4096, "initializer_range": 0.2}
LAYOUTS: dict[str, tuple[type[PretrainedConfig], dict]] = {
    "qwen2": (Qwen2Config, {"tie_word_embeddings": True}),
    "llama": (LlamaConfig, {"rope_parameters": {"rope_type": "linear", "factor": 2.0, "rope_theta": 500.0}}),
    "mistral": (MistralConfig, {"sliding_window": 512}),
    "qwen3": (Qwen3Config, {"head_dim": 6}),
}
TINY_LORA = TrainConfig(
    family="causal-lm", steps=6, context_length=96, pairs_per_step=3, micro_batch=2, learning_rate=2e-2,
    head_learning_rate=1e-2, warmup=2, save_every=3, lora_rank=2, lora_alpha=4,
)  # fmt: skip
# How Qwen's tokenizer cuts a text before its merges.
CUTS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
END, BEGIN = "<|endoftext|>", "<|begin|>"


def base_tokenizer() -> Tokenizer:
    """A byte-level BPE like Qwen's and Llama's: special tokens are next to the vocabulary, behind its last id."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    cuts = pre_tokenizers.Split(Regex(CUTS), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [cuts, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(["Problem: double x\n", *STEPS], trainer)
    tokenizer.add_special_tokens([END, BEGIN])
    return tokenizer


def base_folder(folder: Path, layout: str, seed: int = 5) -> Path:
    """`layout`: one of LAYOUTS, or `bert` for an encoder."""
    kind, further = LAYOUTS.get(layout, (BertConfig, {}))
    tokenizer = base_tokenizer()
    sizes = DECODER if layout in LAYOUTS else {**SIZE, "max_position_embeddings": 512, "initializer_range": 0.2}
    torch.manual_seed(seed)
    family = AutoModelForCausalLM if layout in LAYOUTS else AutoModelForMaskedLM
    config = kind(vocab_size=tokenizer.get_vocab_size(), **{**sizes, **further})
    family.from_config(config).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    special = {"cls_token": BEGIN, "sep_token": END}
    if layout in LAYOUTS:
        special = {} if layout == "qwen2" else {"bos_token": BEGIN}
    named = {"tokenizer_class": "PreTrainedTokenizerFast", "pad_token": END, **special}
    (folder / "tokenizer_config.json").write_text(json.dumps(named))
    return folder


def moved(family: Family) -> Family:
    """Adapters as after training: at the start they add nothing."""
    torch.manual_seed(7)
    for name, weight in family.model.named_parameters():
        if ".lora_" in name or name == "head.weight":
            torch.nn.init.normal_(weight, std=0.3)
    family.model.eval()
    return family
