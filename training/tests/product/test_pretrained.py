"""Training that begins from a pretrained model: what moves, what is kept, from where it goes on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from bases import STEPS, base_folder
from bases import TINY_LORA as TINY
from rewards import killed_at, silent

from funprm_training.config import InputError, TrainConfig
from funprm_training.export.onnx_session import onnx_logits
from funprm_training.export.prm_folder import export_fp32_folder, export_int8_folder
from funprm_training.prm.family import Family, build
from funprm_training.prm.pretrained import fingerprint, merge_adapters
from funprm_training.prm.scoring import Request, score, torch_logits
from funprm_training.product.micro_batches import batch_of, logits_of
from funprm_training.product.reward_table import CorrectionOptions
from funprm_training.product.step_rewards import RewardedProgram, initial_table
from funprm_training.product.train import train_rewards
from funprm_training.product.two_level import item_losses
from funprm_training.run_folder import keep_config, load_trained


def run(programs: list[RewardedProgram], config: TrainConfig, out: Path, kind: str = "none") -> list[float]:
    """Trains; the losses of all updates."""
    keep_config(out, config)
    losses: list[float] = []
    train_rewards(programs, config, CorrectionOptions(kind), out, lambda entry: losses.append(entry["loss"]))
    return losses


@pytest.mark.parametrize("layout", ["qwen2", "llama"])
def test_lora_learns_and_changes_adapters_and_head_only(
    programs: list[RewardedProgram], base: Callable[[str], str], tmp_path: Path, layout: str
) -> None:
    config = replace(TINY, base=base(layout), steps=30)
    programs = [_named_by_reward(program, number) for number, program in enumerate(programs)]
    run(programs, config, tmp_path / "run")
    assert _loss(build(config, tmp_path), programs) > 0.6
    assert _loss(load_trained(tmp_path / "run"), programs) < 0.3
    state = torch.load(tmp_path / "run" / "train.pt", weights_only=True)
    kinds = {name.split(".lora_")[0].rsplit(".", 1)[-1] if ".lora_" in name else name for name in state["model"]}
    assert kinds == {"q_proj", "k_proj", "v_proj", "o_proj", "head.weight", "head.bias"}
    before, after = build(config, tmp_path), load_trained(tmp_path / "run")
    learnt = after.model.state_dict()
    changed = {name for name, weight in before.model.state_dict().items() if not torch.equal(weight, learnt[name])}
    assert changed == set(state["model"])


def test_full_training_changes_the_body_too(
    programs: list[RewardedProgram], base: Callable[[str], str], tmp_path: Path
) -> None:
    config = replace(TINY, base=base("qwen2"), tuning="full", learning_rate=2e-3)
    run(programs, config, tmp_path / "run")
    before, after = build(config, tmp_path).model.state_dict(), load_trained(tmp_path / "run").model.state_dict()
    assert not torch.equal(
        before["backbone.layers.0.mlp.up_proj.weight"], after["backbone.layers.0.mlp.up_proj.weight"]
    )
    assert not any(".lora_" in name for name in after)


@pytest.mark.parametrize("kind", ["none", "table"])
def test_a_stopped_run_goes_on_to_the_same_weights_and_rewards(
    programs: list[RewardedProgram], base: Callable[[str], str], tmp_path: Path, kind: str
) -> None:
    config = replace(TINY, base=base("llama"))
    run(programs, config, tmp_path / "whole", kind)
    keep_config(tmp_path / "broken", config)
    with pytest.raises(KeyboardInterrupt):
        train_rewards(programs, config, CorrectionOptions(kind), tmp_path / "broken", killed_at(5))
    assert run(programs, config, tmp_path / "broken", kind)
    whole, broken = (torch.load(tmp_path / name / "train.pt", weights_only=True) for name in ("whole", "broken"))
    assert all(torch.equal(weight, broken["model"][name]) for name, weight in whole["model"].items())
    assert torch.equal(whole["targets"], broken["targets"])


def test_bfloat16_and_checkpointing_train_to_nearly_the_same_loss(
    programs: list[RewardedProgram], base: Callable[[str], str], tmp_path: Path
) -> None:
    config = replace(TINY, base=base("qwen2"), steps=3)
    plain = run(programs, config, tmp_path / "plain", "table")
    lean = replace(config, precision="bf16", gradient_checkpointing=True)
    assert run(programs, lean, tmp_path / "lean", "table") == pytest.approx(plain, abs=0.03)
    state = torch.load(tmp_path / "lean" / "train.pt", weights_only=True)
    assert {weight.dtype for weight in state["model"].values()} == {torch.float32}
    full = replace(lean, tuning="full", learning_rate=1e-3)
    assert all(np.isfinite(run(programs, full, tmp_path / "full", "table")))
    # Exported models are float32 whatever they were trained in.
    assert {weight.dtype for weight in load_trained(tmp_path / "lean").model.parameters()} == {torch.float32}


def test_checkpointing_alone_changes_nothing(
    programs: list[RewardedProgram], base: Callable[[str], str], tmp_path: Path
) -> None:
    config = replace(TINY, base=base("llama"))
    losses = run(programs, config, tmp_path / "a")
    assert run(programs, replace(config, gradient_checkpointing=True), tmp_path / "b") == pytest.approx(
        losses, abs=1e-5
    )


def test_a_run_goes_on_only_from_the_base_it_began_from(programs: list[RewardedProgram], tmp_path: Path) -> None:
    base = base_folder(tmp_path / "base", "qwen2")
    config = replace(TINY, base=str(base), steps=3)
    run(programs, config, tmp_path / "run")
    base.rename(tmp_path / "elsewhere")
    moved = load_trained(tmp_path / "run", {"base": str(tmp_path / "elsewhere")})
    assert moved.base == fingerprint(build(replace(config, base=str(tmp_path / "elsewhere")), tmp_path).model)
    base_folder(tmp_path / "base", "qwen2", seed=6)
    with pytest.raises(InputError, match="base"):
        train_rewards(programs, replace(config, steps=4), CorrectionOptions(), tmp_path / "run", silent)
    with pytest.raises(InputError, match="not the base model"):
        load_trained(tmp_path / "run")


def test_any_encoder_reads_prefixes_and_rewards_in_any_company_as_alone(
    programs: list[RewardedProgram], base: Callable[[str], str], tmp_path: Path
) -> None:
    config = replace(TINY, family="encoder", base=base("bert"), lora_targets=("query", "value"), steps=2)
    run(programs, config, tmp_path / "run")
    family = load_trained(tmp_path / "run")
    merge_adapters(family.model)
    graph = export_fp32_folder(family, tmp_path / "fp32", "t", "1", "mean")
    int8 = export_int8_folder(family, graph, tmp_path / "int8", "t", "1", "mean")
    requests = [Request(statement, STEPS[:count]) for statement in ("Double x.", "", "Print. " * 9) for count in (1, 3)]
    context = (requests, family.template, family.encode)
    expected = np.concatenate(score(*context, torch_logits(family.model)))
    assert np.abs(np.concatenate(score(*context, onnx_logits(graph))) - expected).max() < 1e-4
    alone, together = (np.concatenate(score(*context, onnx_logits(int8), size)) for size in (1, 16))
    assert np.abs(alone - expected).max() < 0.1
    assert np.abs(alone - together).max() < 1e-5, "a reward depends on what is scored with it"


def _named_by_reward(program: RewardedProgram, number: int) -> RewardedProgram:
    """The program with a reward that can be read off its text."""
    good = number % 4 < 2
    steps = (program.steps[0].replace("def f", "def good" if good else "def f"), program.steps[1])
    return replace(program, steps=steps, rewards=(float(good),) * 2, items=(2 * number, 2 * number + 1), passed=good)


def _loss(family: Family, programs: list[RewardedProgram]) -> float:
    """Mean cross-entropy over all prefixes, without dropout."""
    family.model.eval()
    batch, targets = batch_of(family, programs, True), initial_table(programs)[0]
    with torch.no_grad():
        return float(item_losses(logits_of(family, {}, batch), targets[batch.items], "bce").mean())
