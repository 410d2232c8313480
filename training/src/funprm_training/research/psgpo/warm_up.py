"""The policy before reinforcement learning: a small decoder that has read programs with slips, and its tokenizer."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer
from tokenizers.decoders import Fuse
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import Split
from tokenizers.trainers import BpeTrainer
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from funprm_training import checkpoint
from funprm_training.psgpo.sequences import Sequence, batch_of, logprobs
from funprm_training.research.psgpo.programs import draw_task, slipping

END = "<end>"
# Digits, and what stands between them in a line: no token goes over a line's end. Short tokens would cost more time.
PIECES = r"\d|[^\d\n]+\n?|\n"


@dataclass(frozen=True)
class WarmUp:
    """Sizes of the decoder and of its training; `read`: programs that the tokenizer is made from."""

    layers: int = 3
    width: int = 64
    heads: int = 4
    vocabulary: int = 512
    read: int = 2000
    steps: int = 800
    batch: int = 32
    learning_rate: float = 4e-3
    seed: int = 1


def examples(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Statements and programs with slips, half of them long."""
    tasks = [draw_task(chance, at % 2 == 1) for at in range(count)]
    return [(task.statement, slipping(task, chance)) for task in tasks]


def make_tokenizer(settings: WarmUp) -> PreTrainedTokenizerFast:
    """A byte-pair encoding of the small language."""
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = Split(Regex(PIECES), "isolated")
    alphabet = [chr(code) for code in range(32, 127)] + ["\n"]
    trainer = BpeTrainer(
        vocab_size=settings.vocabulary, special_tokens=[END], initial_alphabet=alphabet, show_progress=False
    )
    texts = examples(random.Random(settings.seed), settings.read)
    tokenizer.train_from_iterator((text for pair in texts for text in pair), trainer)
    # Without a decoder, tokens would be joined by blanks.
    tokenizer.decoder = Fuse()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, pad_token=END)


def warm_up(settings: WarmUp, out: Path, tell: Callable[[str], None] = print) -> None:
    """Trains the decoder and saves it with its tokenizer; goes on from a checkpoint where there is one."""
    torch.manual_seed(settings.seed)
    tokenizer = make_tokenizer(settings)
    model = Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(tokenizer),
            hidden_size=settings.width,
            num_hidden_layers=settings.layers,
            num_attention_heads=settings.heads,
            num_key_value_heads=settings.heads,
            intermediate_size=settings.width * 11 // 4,
            max_position_embeddings=512,
            attn_implementation="sdpa",
            tie_word_embeddings=True,
            classifier_dropout=0.0,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.eos_token_id,
        )
    )
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model.to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, settings.learning_rate, total_steps=settings.steps, pct_start=0.1
    )
    kept = checkpoint.load(out / "warm-up.pt")
    begin = 0
    if kept is not None:
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        schedule.load_state_dict(kept["schedule"])
        begin = kept["step"]
    end, began, total = tokenizer.eos_token_id, time.monotonic(), 0.0
    for step in range(begin, settings.steps):
        pairs = examples(random.Random(f"{settings.seed}/{step}"), settings.batch)
        sequences = [
            Sequence(tuple(tokenizer.encode(statement)), (*tokenizer.encode(program), end))
            for statement, program in pairs
        ]
        batch = batch_of(sequences, end, device)
        loss = -logprobs(model, batch, 1.0).sum() / batch.mask.sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        total += loss.item()
        if (step + 1) % 50 == 0:
            tell(f"step {step + 1}: loss {total / 50:.4f}, {time.monotonic() - began:.0f} s")
            total = 0.0
        if (step + 1) % 250 == 0:
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            checkpoint.save(out / "warm-up.pt", {**state, "schedule": schedule.state_dict(), "step": step + 1})
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
