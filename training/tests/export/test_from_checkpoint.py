"""Checkpoints in the two released layouts, tiny: converted scores equal those of the layout's own forward pass."""

import json
from pathlib import Path

import pytest
import torch
from prm_folder import read_template
from safetensors.torch import save_file
from torch import nn
from transformers import Qwen2Config, Qwen2ForCausalLM

from funprm_training.export.from_checkpoint import convert_dreamprm, convert_skywork
from funprm_training.export.onnx_session import onnx_logits
from funprm_training.export.prm_folder import export_fp32_folder
from funprm_training.prm.family import Family
from funprm_training.prm.scoring import Request, score, torch_logits
from funprm_training.prm.tokenizers import train_decoder_tokenizer

RANK, ALPHA = 4, 16
STATEMENT = "Add two numbers.\nThey are small."
STEPS = ("def add(a, b):\n    return a + b\n", "def main():\n    print(add(1, 2))\n")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A folder like a hub snapshot: config.json, tokenizer.json, tokenizer_config.json."""
    folder = tmp_path / "base"
    tokenizer = train_decoder_tokenizer([STATEMENT, *STEPS, "\n", "<problem>"], 300)
    config = Qwen2Config(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=16, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, intermediate_size=24, max_position_embeddings=512, tie_word_embeddings=False,
    )  # fmt: skip
    config.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"bos_token": {"content": "<s>"}}))
    return folder


def causal_lm(base: Path) -> Qwen2ForCausalLM:
    torch.manual_seed(5)
    model = Qwen2ForCausalLM(Qwen2Config.from_pretrained(base)).eval()
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.2)
    return model


def hidden(model: Qwen2ForCausalLM, ids: list[int]) -> torch.Tensor:
    """Last hidden states `[length, width]`, as both released scripts take them."""
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids]), output_hidden_states=True).hidden_states[-1][0]


@pytest.mark.parametrize("wrapped", [False, True])
def test_dreamprm_checkpoint_scores_as_its_own_forward_pass(base: Path, tmp_path: Path, wrapped: bool) -> None:
    model, head = causal_lm(base), nn.Linear(16, 1)
    nn.init.normal_(head.weight)
    plain = model.state_dict()
    state = {f"reward_head.{name}": value for name, value in head.state_dict().items()}
    adapted = dict(plain)
    for name, value in plain.items():
        path = f"lm.base_model.model.{name}"
        if not name.endswith(tuple(f"self_attn.{part}_proj.weight" for part in "qkvo")):
            state[path.replace("_proj.bias", "_proj.base_layer.bias") if "self_attn" in name else path] = value
            continue
        layer = path.removesuffix(".weight")
        down, up = torch.randn(RANK, value.shape[1]) * 0.1, torch.randn(value.shape[0], RANK) * 0.1
        state[f"{layer}.base_layer.weight"] = value
        state[f"{layer}.lora_A.default.weight"], state[f"{layer}.lora_B.default.weight"] = down, up
        adapted[name] = value + ALPHA / RANK * up @ down
    checkpoint = tmp_path / "reward_model_step_50.pt"
    torch.save({"module": {f"module.{k}": v for k, v in state.items()}} if wrapped else state, checkpoint)
    model.load_state_dict(adapted)

    family = convert_dreamprm(checkpoint, base, 512, ALPHA)
    before = (
        f"<task>\nPlatform: \nQuestion ID: \nTitle: \n</task>\n\n<problem>\n{STATEMENT}\n</problem>\n\n<starter_code>\n"
    )
    expected = []
    for count in (1, 2):
        ids = family.encode(before)
        for step in STEPS[:count]:
            ids += family.encode(step)
        ids += family.encode("\n</starter_code>")
        expected.append(float(torch.sigmoid(head(hidden(model, ids)[-1])).detach()))
    _check(family, expected)
    if not wrapped:
        _check_export(family, expected, tmp_path / "prm")


def test_skywork_checkpoint_scores_as_its_own_forward_pass(base: Path, tmp_path: Path) -> None:
    model, head = causal_lm(base), nn.Linear(16, 1)
    nn.init.normal_(head.weight)
    state = {name: value.clone() for name, value in model.state_dict().items()}
    state |= {f"v_head.summary.{name}": value.clone() for name, value in head.state_dict().items()}
    save_file(state, base / "model.safetensors")

    family = convert_skywork(base, 512)
    mark = family.encode("\n")[-1]
    ids, marks = [1, *family.encode(f"{STATEMENT}\n")], []
    for step in STEPS:
        marks.append(len(ids) + len(family.encode(step)))
        ids += [*family.encode(step), mark]
    expected = torch.sigmoid(head(hidden(model, ids)[marks])).detach().squeeze(-1).tolist()
    _check(family, expected)
    _check_export(family, expected, tmp_path / "prm")


def test_a_checkpoint_that_lacks_weights_is_refused_by_name(base: Path, tmp_path: Path) -> None:
    state = {f"lm.base_model.model.{name}": value for name, value in causal_lm(base).state_dict().items()}
    state |= {"reward_head.weight": torch.zeros(1, 16), "reward_head.bias": torch.zeros(1)}
    del state["lm.base_model.model.model.layers.1.mlp.up_proj.weight"]
    torch.save(state, tmp_path / "c.pt")
    with pytest.raises(ValueError, match=r"layers\.1\.mlp\.up_proj\.weight"):
        convert_dreamprm(tmp_path / "c.pt", base, 512, ALPHA)


def _check(family: Family, expected: list[float]) -> None:
    assert max(expected) - min(expected) > 1e-3, "equal rewards would prove little"
    rewards = score([Request(STATEMENT, STEPS)], family.template, family.encode, torch_logits(family.model))[0]
    assert rewards == pytest.approx(expected, abs=1e-4)


def _check_export(family: Family, expected: list[float], folder: Path) -> None:
    graph = export_fp32_folder(family, folder, "converted", "1", "mean")
    assert read_template(folder) == family.template
    rewards = score([Request(STATEMENT, STEPS)], family.template, family.encode, onnx_logits(graph))[0]
    assert rewards == pytest.approx(expected, abs=1e-4)
