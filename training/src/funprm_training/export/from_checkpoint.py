"""What `funprm export --checkpoint` runs: released PRM checkpoints of two layouts to PRM folders.

    python -m funprm_training.export.from_checkpoint dreamprm --checkpoint reward_model_step_50.pt \\
        --base Qwen2.5-Coder-1.5B --out prm
    python -m funprm_training.export.from_checkpoint skywork --checkpoint Skywork-o1-Open-PRM-Qwen-2.5-1.5B --out prm

dreamprm: a causal LM with LoRA and a linear `reward_head` with bias on the last token's last hidden state; the
statement and the code so far fill a template that ends with the code's closing tag. Its platform, id and title stay
empty: ids and titles have no place in a score. skywork: a causal LM with `v_head.summary` on the last hidden states,
read at the line break that ends every step, after the first special token, the problem and a line break.

Statement and steps are tokenised one by one, as everywhere in funprm (docs/design/prm-manifest.md); a tokenizer that
joins signs across the seams gives other ids there than the released scripts do.
"""

import argparse
import json
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoConfig, AutoModel

from funprm_training.export.prm_folder import export_fp32_folder, export_int8_folder
from funprm_training.prm.aggregate import AGGREGATES
from funprm_training.prm.family import Family
from funprm_training.prm.model import StepMarkModel
from funprm_training.prm.template import Template
from funprm_training.prm.tokenizers import encoder_of, text_only

State = dict[str, Tensor]

DREAMPRM_BEFORE = "<task>\nPlatform: \nQuestion ID: \nTitle: \n</task>\n\n<problem>\n"
DREAMPRM_BETWEEN = "\n</problem>\n\n<starter_code>\n"
DREAMPRM_AFTER = "\n</starter_code>"
"""The template of the released evaluation script around statement and code, its other fields left empty."""


class LastTokenModel(nn.Module):
    """A causal decoder read at the last token that is no padding."""

    def __init__(self, marks: StepMarkModel) -> None:
        super().__init__()
        self.backbone = marks.backbone
        self.head = marks.head

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Ids and mask `[batch, length]`, padded on the right, to logits `[batch]`."""
        hidden = self.backbone(input_ids=input_ids, attention_mask=attention_mask, use_cache=False).last_hidden_state
        ends = attention_mask.sum(dim=1, keepdim=True) - 1
        return self.head(hidden).squeeze(-1).gather(1, ends).squeeze(1)


def convert_dreamprm(checkpoint: Path, base: Path, context_length: int, lora_alpha: float) -> Family:
    """`checkpoint` is the training script's state dict, `base` the folder of the base model (config and tokenizer)."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    state = _without_prefix(state.get("module", state), "module.")
    merged = merge_lora(_without_prefix(state, "lm."), lora_alpha)
    weights = {_bare_name(name): value for name, value in merged.items()}
    model = _decoder(base, weights, state["reward_head.weight"], state["reward_head.bias"])
    template = Template(
        "prefix",
        context_length,
        pad=0,
        before_statement=DREAMPRM_BEFORE,
        after_statement=DREAMPRM_BETWEEN,
        after_code=DREAMPRM_AFTER,
    )
    return _family(LastTokenModel(model), base, template)


def convert_skywork(folder: Path, context_length: int) -> Family:
    """`folder` holds config, tokenizer and weights; the step token is the line break."""
    state: State = {}
    for path in sorted(folder.glob("*.safetensors")):
        state.update(load_file(path))
    for path in sorted(folder.glob("pytorch_model*.bin")):
        state.update(torch.load(path, map_location="cpu", weights_only=True))
    state = _without_prefix(state, "pretrained_model.")
    model = _decoder(folder, state, state["v_head.summary.weight"], state["v_head.summary.bias"])
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    mark = tokenizer.encode("\n", add_special_tokens=False).ids[-1]
    special = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8")).get("bos_token")
    name = special["content"] if isinstance(special, dict) else special
    first = None if name is None else tokenizer.token_to_id(name)
    return _family(model, folder, Template("step-mark", context_length, pad=0, first=first, mark=mark))


def merge_lora(state: State, alpha: float) -> State:
    """Every adapted weight W + alpha / r B A under its plain name, in float32; the rank r is A's number of rows."""
    merged = {}
    for name, value in state.items():
        if ".lora_" in name:
            continue
        if not name.endswith(".base_layer.weight"):
            merged[name.replace(".base_layer.", ".")] = value
            continue
        layer = name.removesuffix(".base_layer.weight")
        down, up = state[f"{layer}.lora_A.default.weight"], state[f"{layer}.lora_B.default.weight"]
        merged[f"{layer}.weight"] = value.float() + alpha / len(down) * (up.float() @ down.float())
    return merged


def _decoder(folder: Path, state: State, head: Tensor, bias: Tensor) -> StepMarkModel:
    """The backbone of the folder's configuration with the state's weights, and the head; nothing may be missing."""
    config = AutoConfig.from_pretrained(folder, attn_implementation="sdpa")
    config.use_cache = False
    backbone = AutoModel.from_config(config).float()
    names = backbone.state_dict().keys()
    weights = {name: state[f"model.{name}"].float() for name in names if f"model.{name}" in state}
    missing = sorted(set(names) - set(weights))
    if missing:
        raise ValueError(f"the checkpoint lacks {len(missing)} weights of {folder}, such as {missing[0]}")
    backbone.load_state_dict(weights)
    model = StepMarkModel(backbone, dropout=0.0)
    model.head.load_state_dict({"weight": head.float().reshape(1, -1), "bias": bias.float().reshape(1)})
    return model.eval()


def _family(model: StepMarkModel | LastTokenModel, folder: Path, template: Template) -> Family:
    tokenizer = text_only(Tokenizer.from_file(str(folder / "tokenizer.json")))
    return Family("decoder", model, tokenizer, template, encoder_of(tokenizer))


def _without_prefix(state: State, prefix: str) -> State:
    return {name.removeprefix(prefix): value for name, value in state.items()}


def _bare_name(name: str) -> str:
    """peft wraps the model twice."""
    return name.removeprefix("base_model.model.")


def main() -> None:
    """Reads the command line and converts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("layout", choices=("dreamprm", "skywork"))
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder of the base model (dreamprm)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--name", default=None)
    parser.add_argument("--aggregate", choices=AGGREGATES, default="mean")
    parser.add_argument("--context-length", type=int, default=2048)
    parser.add_argument("--lora-alpha", type=float, default=16.0)
    parser.add_argument("--fp32", action="store_true", help="keep fp32 weights")
    options = parser.parse_args()
    if options.layout == "dreamprm":
        if options.base is None:
            parser.error("dreamprm checkpoints hold no configuration and tokenizer: name the base model with --base")
        family = convert_dreamprm(options.checkpoint, options.base, options.context_length, options.lora_alpha)
    else:
        family = convert_skywork(options.checkpoint, options.context_length)
    identity = (options.name or options.out.name, "1", options.aggregate)
    if options.fp32:
        graph = export_fp32_folder(family, options.out, *identity)
    else:
        fp32 = export_fp32_folder(family, options.out.with_name(f"{options.out.name}.fp32"), *identity)
        graph = export_int8_folder(family, fp32, options.out, *identity)
    sys.stdout.write(f"{graph}: {graph.stat().st_size / 1e6:.1f} MB\n")


if __name__ == "__main__":
    main()
