"""TRL's GRPO with `funprm reward` as its reward, on a CPU in minutes: does it all fit together?

    npx funprm reward --problems problems.jsonl &
    training/.venv/bin/python -m funprm_training.research.trl_grpo problems.jsonl --limit 20 --updates 2 --out runs/grpo

Without --model it trains a tiny random Llama on bytes, which learns nothing; what it shows is the way of the rewards.
"""

import argparse
from pathlib import Path

from datasets import Dataset
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from transformers import set_seed as set_seeds
from trl import GRPOConfig, GRPOTrainer

from funprm_training.adapters.trl import FunprmReward
from funprm_training.jsonl import read_jsonl

END = "<|end|>"


def main(arguments: list[str] | None = None) -> None:
    """Trains and writes what TRL logged, one line an update."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("problems", type=Path, help="problems with id and statement, as the server has them")
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--updates", type=int, default=2)
    parser.add_argument("--generations", type=int, default=4)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--model", help="folder of a causal model (default: a tiny random one)")
    parser.add_argument("--outcome", choices=["passed", "share"], default="share")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    rows = [
        {"prompt": problem["statement"][:500] + "\n", "problem": problem["id"]}
        for problem in list(read_jsonl(options.problems))[: options.limit]
    ]
    set_seeds(0)
    model, tokenizer = tiny() if options.model is None else pretrained(options.model)
    per_update = len(rows) // options.updates * options.generations
    trainer = GRPOTrainer(
        model=model,
        processing_class=tokenizer,
        reward_funcs=FunprmReward(outcome=options.outcome),
        train_dataset=Dataset.from_list(rows),
        args=GRPOConfig(
            output_dir=str(options.out),
            max_steps=options.updates,
            num_generations=options.generations,
            per_device_train_batch_size=per_update,
            max_completion_length=options.tokens,
            learning_rate=1e-4,
            logging_steps=1,
            save_strategy="no",
            report_to=[],
            use_cpu=True,
            seed=0,
        ),
    )
    trainer.train()
    options.out.mkdir(parents=True, exist_ok=True)
    trainer.state.save_to_json(str(options.out / "trainer_state.json"))


def tiny() -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """A random Llama of 30,000 weights that reads bytes."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {char: at for at, char in enumerate(alphabet)}
    raw = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, eos_token=END, pad_token=END, padding_side="left")
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=2048,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=None,
    )
    return LlamaForCausalLM(config), tokenizer


def pretrained(folder: str) -> tuple[LlamaForCausalLM, PreTrainedTokenizerFast]:
    """A causal model from its folder; nothing is downloaded."""
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left", local_files_only=True)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    return AutoModelForCausalLM.from_pretrained(folder, local_files_only=True), tokenizer


if __name__ == "__main__":
    main()
