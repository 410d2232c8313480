"""PRMs that begin from a pretrained model: what is trained, what is kept, what is exported."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from bases import LAYOUTS, STEPS, base_folder
from pools import tiny_pools
from rewards import killed_at, silent, write_rewards
from torch import Tensor

from funprm_training.config import InputError, TrainConfig, keep_config
from funprm_training.correction import LowerBatch, UpperBatch, hypergradient, item_losses, sgd_step, upper_loss
from funprm_training.dev import trained
from funprm_training.export import export_fp32_folder, export_int8_folder, graph_form
from funprm_training.family import Family, build
from funprm_training.manifest import read_template
from funprm_training.onnx_graph import onnx_logits
from funprm_training.pretrained import fingerprint, merge_adapters
from funprm_training.reward_data import RewardedProgram, initial_table, read_rewarded
from funprm_training.reward_train import CorrectionOptions, batch_of, logits_of, train_rewards
from funprm_training.scoring import Request, score, torch_logits
from funprm_training.template import step_mark_sequence, tokenize
from funprm_training.train import train, usable

TINY = TrainConfig(
    family="causal-lm", steps=6, context_length=96, pairs_per_step=3, micro_batch=2, learning_rate=2e-2,
    head_learning_rate=1e-2, warmup=2, save_every=3, lora_rank=2, lora_alpha=4,
)  # fmt: skip


@pytest.fixture
def programs(tmp_path: Path) -> list[RewardedProgram]:
    write_rewards(tmp_path)
    return read_rewarded([tmp_path / "rewards.jsonl"], [tmp_path / "problems.jsonl"])


def run(programs: list[RewardedProgram], config: TrainConfig, out: Path, kind: str = "none") -> list[float]:
    """Trains; the losses of all updates."""
    keep_config(out, config)
    losses: list[float] = []
    train_rewards(programs, config, CorrectionOptions(kind), out, lambda entry: losses.append(entry["loss"]))
    return losses


@pytest.mark.parametrize("layout", ["qwen2", "llama"])
def test_lora_learns_and_changes_adapters_and_head_only(
    programs: list[RewardedProgram], tmp_path: Path, layout: str
) -> None:
    config = replace(TINY, base=str(base_folder(tmp_path / "base", layout)), steps=30)
    programs = [_named_by_reward(program, number) for number, program in enumerate(programs)]
    run(programs, config, tmp_path / "run")
    assert _loss(build(config, tmp_path, []), programs) > 0.6
    assert _loss(trained(tmp_path / "run"), programs) < 0.3
    state = torch.load(tmp_path / "run" / "train.pt", weights_only=True)
    kinds = {name.split(".lora_")[0].rsplit(".", 1)[-1] if ".lora_" in name else name for name in state["model"]}
    assert kinds == {"q_proj", "k_proj", "v_proj", "o_proj", "head.weight", "head.bias"}
    before, after = build(config, tmp_path, []), trained(tmp_path / "run")
    learnt = after.model.state_dict()
    changed = {name for name, weight in before.model.state_dict().items() if not torch.equal(weight, learnt[name])}
    assert changed == set(state["model"])


def test_full_training_changes_the_body_too(programs: list[RewardedProgram], tmp_path: Path) -> None:
    config = replace(TINY, base=str(base_folder(tmp_path / "base", "qwen2")), tuning="full", learning_rate=2e-3)
    run(programs, config, tmp_path / "run")
    before, after = build(config, tmp_path, []).model.state_dict(), trained(tmp_path / "run").model.state_dict()
    assert not torch.equal(
        before["backbone.layers.0.mlp.up_proj.weight"], after["backbone.layers.0.mlp.up_proj.weight"]
    )
    assert not any(".lora_" in name for name in after)


def test_pairs_of_programs_train_a_pretrained_base_too(tmp_path: Path) -> None:
    config = replace(TINY, base=str(base_folder(tmp_path / "base", "qwen2")), shares={"classic": 1.0}, micro_batch=4)
    pools = usable(tiny_pools())
    for name in ("whole", "broken"):
        keep_config(tmp_path / name, config)
    train(pools, config, tmp_path / "whole", silent)
    with pytest.raises(KeyboardInterrupt):
        train(pools, config, tmp_path / "broken", killed_at(5))
    train(pools, config, tmp_path / "broken", silent)
    whole, broken = (torch.load(tmp_path / name / "train.pt", weights_only=True) for name in ("whole", "broken"))
    assert all(".lora_" in name or name.startswith("head.") for name in whole["model"])
    assert all(torch.equal(weight, broken["model"][name]) for name, weight in whole["model"].items())


@pytest.mark.parametrize("kind", ["none", "table"])
def test_a_stopped_run_goes_on_to_the_same_weights_and_rewards(
    programs: list[RewardedProgram], tmp_path: Path, kind: str
) -> None:
    config = replace(TINY, base=str(base_folder(tmp_path / "base", "llama")))
    run(programs, config, tmp_path / "whole", kind)
    keep_config(tmp_path / "broken", config)
    with pytest.raises(KeyboardInterrupt):
        train_rewards(programs, config, CorrectionOptions(kind), tmp_path / "broken", killed_at(5))
    assert run(programs, config, tmp_path / "broken", kind)
    whole, broken = (torch.load(tmp_path / name / "train.pt", weights_only=True) for name in ("whole", "broken"))
    assert all(torch.equal(weight, broken["model"][name]) for name, weight in whole["model"].items())
    assert torch.equal(whole["targets"], broken["targets"])


@pytest.mark.parametrize("layout", list(LAYOUTS))
def test_exports_score_as_pytorch_reads_every_prefix_alone(tmp_path: Path, layout: str) -> None:
    config = replace(TINY, base=str(base_folder(tmp_path / "base", layout)))
    family = _moved(build(config, tmp_path, []))
    request = Request("Double x.", STEPS)
    expected = _prefix_by_prefix(family, request)
    assert max(expected) - min(expected) > 1e-3, "equal rewards would prove little"
    merge_adapters(family.model)
    assert not any("lora" in name for name, _ in family.model.named_parameters())
    graph = export_fp32_folder(family, tmp_path / "fp32", "t", "1", "mean")
    assert graph_form(graph) == "tree"
    assert read_template(tmp_path / "fp32") == family.template
    rewards = score([request], family.template, family.encode, onnx_logits(graph))[0]
    assert np.abs(np.array(rewards) - expected).max() < 1e-4
    int8 = export_int8_folder(family, graph, tmp_path / "int8", "t", "1", "mean")
    rewards = score([request], family.template, family.encode, onnx_logits(int8))[0]
    assert np.abs(np.array(rewards) - expected).max() < 0.1


def test_a_form_that_the_tree_does_not_know_is_exported_as_rows(tmp_path: Path) -> None:
    folder = base_folder(tmp_path / "base", "mistral")
    kept = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**kept, "sliding_window": 9}))
    family = _moved(build(replace(TINY, base=str(folder)), tmp_path, []))
    expected = _prefix_by_prefix(family, Request("Double x.", STEPS))
    merge_adapters(family.model)
    graph = export_fp32_folder(family, tmp_path / "fp32", "t", "1", "mean")
    assert graph_form(graph) == "rows"
    rewards = score([Request("Double x.", STEPS)], family.template, family.encode, onnx_logits(graph))[0]
    assert np.abs(np.array(rewards) - expected).max() < 1e-4


def test_hypergradient_of_adapters_equals_finite_differences(programs: list[RewardedProgram], tmp_path: Path) -> None:
    family = _moved(build(replace(TINY, base=str(base_folder(tmp_path / "base", "llama"))), tmp_path, []))
    family.model.double().eval()
    params = {name: weight.detach() for name, weight in family.model.named_parameters() if weight.requires_grad}
    assert all(".lora_" in name or name.startswith("head.") for name in params)
    lower, upper = batch_of(family, programs[:3], True), batch_of(family, programs[5:8], True)
    verdicts = torch.tensor([float(program.passed) for program in programs[5:8]]).double()

    def logits(p: dict[str, Tensor], batch) -> Tensor:  # noqa: ANN001
        return logits_of(family, p, batch).double()

    targets = torch.linspace(0.2, 0.8, len(lower.items)).double()
    ones, rate = torch.ones_like(targets), 0.5

    def two_level(y: Tensor) -> Tensor:
        after = sgd_step(logits, params, LowerBatch(lower, y, ones), rate, "bce")
        return upper_loss(logits, after, UpperBatch(upper, upper.owner, verdicts), "mean")

    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        above = UpperBatch(upper, upper.owner, verdicts)
        found = hypergradient(logits, params, [LowerBatch(lower, targets, ones)], above, rate=rate).targets[0]
    for place in range(len(targets)):
        shift = torch.zeros_like(targets)
        shift[place] = 0.05
        slope = float(two_level(targets + shift) - two_level(targets - shift)) / 0.1
        assert abs(slope - float(found[place])) < 1e-4 * max(1, float(found.abs().max()))
    assert found.abs().max() > 1e-4, "a gradient of zero would prove nothing"


def test_bfloat16_and_checkpointing_train_to_nearly_the_same_loss(
    programs: list[RewardedProgram], tmp_path: Path
) -> None:
    base = str(base_folder(tmp_path / "base", "qwen2"))
    plain = run(programs, replace(TINY, base=base), tmp_path / "plain", "table")
    lean = replace(TINY, base=base, precision="bf16", gradient_checkpointing=True)
    assert run(programs, lean, tmp_path / "lean", "table") == pytest.approx(plain, abs=0.03)
    state = torch.load(tmp_path / "lean" / "train.pt", weights_only=True)
    assert {weight.dtype for weight in state["model"].values()} == {torch.float32}
    full = replace(lean, tuning="full", learning_rate=1e-3)
    assert all(np.isfinite(run(programs, full, tmp_path / "full", "table")))
    # Exported models are float32 whatever they were trained in.
    assert {weight.dtype for weight in trained(tmp_path / "lean").model.parameters()} == {torch.float32}


def test_checkpointing_alone_changes_nothing(programs: list[RewardedProgram], tmp_path: Path) -> None:
    config = replace(TINY, base=str(base_folder(tmp_path / "base", "llama")))
    losses = run(programs, config, tmp_path / "a")
    assert run(programs, replace(config, gradient_checkpointing=True), tmp_path / "b") == pytest.approx(
        losses, abs=1e-5
    )


def test_any_encoder_reads_prefixes(programs: list[RewardedProgram], tmp_path: Path) -> None:
    folder = base_folder(tmp_path / "base", "bert")
    config = replace(TINY, family="encoder", base=str(folder), lora_targets=("query", "value"), steps=2)
    run(programs, config, tmp_path / "run")
    family = trained(tmp_path / "run")
    merge_adapters(family.model)
    graph = export_fp32_folder(family, tmp_path / "fp32", "t", "1", "mean")
    request = [Request("Double x.", STEPS)]
    expected = score(request, family.template, family.encode, torch_logits(family.model))[0]
    assert score(request, family.template, family.encode, onnx_logits(graph))[0] == pytest.approx(expected, abs=1e-4)


def test_a_run_goes_on_only_from_the_base_it_began_from(programs: list[RewardedProgram], tmp_path: Path) -> None:
    base = base_folder(tmp_path / "base", "qwen2")
    config = replace(TINY, base=str(base), steps=3)
    run(programs, config, tmp_path / "run")
    base.rename(tmp_path / "elsewhere")
    moved = trained(tmp_path / "run", {"base": str(tmp_path / "elsewhere")})
    assert moved.base == fingerprint(build(replace(config, base=str(tmp_path / "elsewhere")), tmp_path, []).model)
    base_folder(tmp_path / "base", "qwen2", seed=6)
    with pytest.raises(InputError, match="base"):
        train_rewards(programs, replace(config, steps=4), CorrectionOptions(), tmp_path / "run", silent)
    with pytest.raises(InputError, match="not the base model"):
        trained(tmp_path / "run")


def test_errors_name_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    with pytest.raises(InputError, match="--download"):
        build(replace(TINY, base="nobody/no-such-model"), tmp_path, [])
    with pytest.raises(InputError, match="--base DIR"):
        build(TINY, tmp_path, [])
    with pytest.raises(InputError, match=r"config\.json"):
        build(replace(TINY, base=str(tmp_path / "nowhere" / "at" / "all")), tmp_path, [])
    base = base_folder(tmp_path / "base", "llama")
    with pytest.raises(InputError, match="down_proj"):
        build(replace(TINY, base=str(base), lora_targets=("c_attn",)), tmp_path, [])
    with pytest.raises(InputError, match="4096 places"):
        build(replace(TINY, base=str(base), context_length=8192), tmp_path, [])
    (base / "tokenizer.json").unlink()
    with pytest.raises(InputError, match="tokenizer"):
        build(replace(TINY, base=str(base)), tmp_path, [])


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


def _moved(family: Family) -> Family:
    """Adapters as after training: at the start they add nothing."""
    torch.manual_seed(7)
    for name, weight in family.model.named_parameters():
        if ".lora_" in name or name == "head.weight":
            torch.nn.init.normal_(weight, std=0.3)
    family.model.eval()
    return family


def _prefix_by_prefix(family: Family, request: Request) -> list[float]:
    """Rewards from one forward pass for each prefix, which ends with its mark."""
    rewards = []
    for count in range(1, len(request.steps) + 1):
        tokens = tokenize(request.statement, request.steps[:count], family.template, family.encode)
        ids = torch.tensor([step_mark_sequence(tokens, family.template).ids])
        with torch.inference_mode():
            rewards.append(float(torch.sigmoid(family.model(ids, torch.ones_like(ids))[0, -1])))
    return rewards
