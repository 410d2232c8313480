"""A tiny causal model with random weights, its tokenizer, and a PRM on its body that says something everywhere."""

from pathlib import Path

import torch
from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen2ForTokenClassification

from funprm_training.research.psgpo.warm_up import WarmUp, make_tokenizer


def write_policy(folder: Path) -> str:
    """The folder of a policy of 12,000 weights."""
    tokenizer = make_tokenizer(WarmUp(vocabulary=300, read=100))
    torch.manual_seed(3)
    Qwen2ForCausalLM(_config(len(tokenizer), tokenizer.eos_token_id)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def write_prm(policy: str, folder: Path) -> str:
    """The folder of a PRM with random weights."""
    config = Qwen2Config.from_pretrained(policy, num_labels=1)
    torch.manual_seed(4)
    model = Qwen2ForTokenClassification(config)
    model.score.weight.data.normal_(std=0.3)
    model.save_pretrained(folder)
    return str(folder)


def _config(vocabulary: int, end: int) -> Qwen2Config:
    return Qwen2Config(
        vocab_size=vocabulary,
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        intermediate_size=32,
        max_position_embeddings=256,
        tie_word_embeddings=True,
        classifier_dropout=0.0,
        eos_token_id=end,
        pad_token_id=end,
        initializer_range=0.3,
    )
