"""Makes the model that benchmarks/scoring measures: Qwen2 of the 0.5B shape with 8 layers and random weights.

    training/.venv/bin/python benchmarks/scoring/prepare.py

Writes below training/runs/scoring: `fp32` and `int8` (PRM folders with graphs of trees), `rows` (the fp32 graph of rows
and what transformers.js wants next to it) and `model.pt` (for PyTorch). The tokenizer is a BPE of 16,384 tokens trained
on the pools: embeddings cost no time, but the length of a program in tokens does.
"""

import itertools
import json
from pathlib import Path

import torch
from torch import nn
from transformers import Qwen2Config, Qwen2Model

from funprm_training.export.onnx_graph import export_fp32
from funprm_training.export.prm_folder import export_fp32_folder, export_int8_folder
from funprm_training.prm.family import Family
from funprm_training.prm.model import StepMarkModel
from funprm_training.prm.tokenizers import decoder_template, encoder_of, train_decoder_tokenizer
from funprm_training.research.pools import read_pools, texts_of

ROOT = Path(__file__).parents[2]
OUT = ROOT / "training/runs/scoring"
LAYERS = 8
VOCABULARY = 16_384
CONTEXT = 4096


def random_model() -> StepMarkModel:
    """Weights as Qwen2 starts with; a head wide enough that rewards of different programs differ."""
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=VOCABULARY,
        hidden_size=896,
        num_hidden_layers=LAYERS,
        num_attention_heads=14,
        num_key_value_heads=2,
        intermediate_size=4864,
        max_position_embeddings=CONTEXT,
        rope_theta=1_000_000.0,
        initializer_range=0.02,
        attn_implementation="sdpa",
        use_cache=False,
    )
    model = StepMarkModel(Qwen2Model(config))
    nn.init.normal_(model.head.weight, std=0.1)
    return model.eval()


def main() -> None:
    """Writes everything; what is there already is written again."""
    OUT.mkdir(parents=True, exist_ok=True)
    pools = read_pools(ROOT.parent / "shared/data", "train", ("livecodebench-v5",))
    tokenizer = train_decoder_tokenizer(itertools.islice(texts_of(pools), 8000), VOCABULARY)
    model = random_model()
    torch.save(model.state_dict(), OUT / "model.pt")
    (OUT / "config.json").write_text(json.dumps(model.backbone.config.to_dict()), encoding="utf-8")
    family = Family("decoder", model, tokenizer, decoder_template(CONTEXT), encoder_of(tokenizer))
    graph = export_fp32_folder(family, OUT / "fp32", "scoring-fp32", "1", "mean")
    export_int8_folder(family, graph, OUT / "int8", "scoring-int8", "1", "mean")
    export_fp32(model, OUT / "rows/onnx/model.onnx")
    # A model type that transformers.js runs as it is: ids and mask in, logits out.
    (OUT / "rows/config.json").write_text(json.dumps({"model_type": "bert", "architectures": []}), encoding="utf-8")


if __name__ == "__main__":
    main()
