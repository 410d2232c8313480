"""A signed PRM from labels of lines to a ranking: its outputs are the same in every form."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from test_commands import funprm
from transformers import AutoModelForTokenClassification

from funprm_training.config import InputError, TrainConfig, read_config
from funprm_training.export.critic import write_critic
from funprm_training.export.from_run import main as export
from funprm_training.prm.scoring import Request, pad_batch, request_sequences, score, torch_logits
from funprm_training.product.line_labels import read_labelled
from funprm_training.product.step_rewards import read_rewarded
from funprm_training.product.train import main as train
from funprm_training.run_folder import load_trained

CONFIG = Path(__file__).resolve().parents[2] / "configs" / "lines-tiny.json"
GOOD = ["n = int(input())\n", "# twice\n", "print(2 * n)\n"]
BAD = ["n = int(input())\n", "n = 0\n", "print(2 * n)\n"]


def row(sample: int, lines: list[str], labels: list[int | None], passed: bool | None) -> dict[str, object]:
    """A program as `collect --steps line` writes it."""
    ends = [0, *np.cumsum([len(line) for line in lines]).tolist()]
    spans = zip(ends, ends[1:], labels, strict=False)
    return {
        "problem_id": "double",
        "sample_index": sample,
        "code": "".join(lines),
        "passed": passed,
        "lines": [{"start": start, "end": end, "complete": True, "label": label} for start, end, label in spans],
    }


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with problems, labels, and a run trained on them."""
    folder = tmp_path_factory.mktemp("signed")
    (folder / "problems.jsonl").write_text(json.dumps({"id": "double", "statement": "Double the number."}) + "\n")
    rows = [row(0, GOOD, [1, 0, 1], True), row(1, BAD, [1, -1, -1], False), row(2, BAD, [1, None, -1], False)]
    (folder / "labels.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    given = [str(folder / "labels.jsonl"), "--problems", str(folder / "problems.jsonl")]
    train([*given, "--config", str(CONFIG), "--out", str(folder / "run")])
    return folder


def test_labels_become_programs_whose_steps_are_lines(run: Path) -> None:
    programs = read_labelled([run / "labels.jsonl"], [run / "problems.jsonl"])
    assert [program.steps for program in programs] == [tuple(GOOD), tuple(BAD)]
    assert [program.rewards for program in programs] == [(1, 0, 1), (1, -1, -1)]
    assert [program.items for program in programs] == [(0, 1, 2), (3, 4, 5)]
    with pytest.raises(InputError, match="signed"):
        read_rewarded([run / "labels.jsonl"], [run / "problems.jsonl"])
    steps = run / "steps.jsonl"
    steps.write_text(json.dumps({"problem_id": "double", "step": 0}) + "\n")
    with pytest.raises(InputError, match="--steps line"):
        read_labelled([steps], [run / "problems.jsonl"])


def test_the_loss_is_the_squared_distance_and_falls(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [str(run / "labels.jsonl"), "--problems", str(run / "problems.jsonl"), "--config", str(CONFIG)]
    train([*given, "--out", str(run / "again")])
    losses = [json.loads(line)["loss"] for line in capsys.readouterr().out.splitlines()]
    assert losses[-1] < losses[0]
    family = load_trained(run / "run")
    rewards = score([Request("Double the number.", tuple(BAD))], family.template, family.encode,
                    torch_logits(family.model), signed=True)[0]  # fmt: skip
    # Lines of a program that is lost are worth less than the line that can still be recovered from.
    assert rewards[0] > max(rewards[1:])
    with pytest.raises(SystemExit, match="not corrected"):
        train([*given, "--out", str(run / "other"), "--correction", "any"])


def test_onnx_and_the_critic_give_what_pytorch_gives(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["export", "--run", str(run / "run"), "--out", str(run / "prm"), "--name", "tiny"])
    export()
    manifest = json.loads((run / "run" / "fp32" / "prm.json").read_text())
    assert manifest["output"] == {"name": "logits", "activation": "none", "range": [-1, 1]}
    assert manifest["stepSize"] == "line"
    family = load_trained(run / "run")
    requests = [Request("Double the number.", tuple(lines)) for lines in (GOOD, BAD)]
    expected = score(requests, family.template, family.encode, torch_logits(family.model), signed=True)
    candidates = run / "candidates.jsonl"
    rows = [
        {"problem_id": "double", "sample_index": at, "code": "".join(lines)} for at, lines in enumerate([GOOD, BAD])
    ]
    candidates.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    ranked = funprm("rank", candidates, "--problems", run / "problems.jsonl", "--prm", run / "run" / "fp32",
                    "--steps", "line", "--quiet", cwd=run)  # fmt: skip
    for line in map(json.loads, ranked.splitlines()):
        found = [step["reward"] for step in line["steps"]]
        np.testing.assert_allclose(found, expected[line["sample_index"]], atol=1e-5)
    critic = AutoModelForTokenClassification.from_pretrained(run / "run" / "critic")
    sequences = [sequence for each in requests for sequence in request_sequences(each, family.template, family.encode)]
    ids, mask = map(torch.from_numpy, pad_batch([sequence.ids for sequence in sequences], family.template.pad))
    with torch.inference_mode():
        values = critic(input_ids=ids, attention_mask=mask).logits[..., 0].numpy()
        own = family.model(ids, mask).numpy()
    for at, sequence in enumerate(sequences):
        np.testing.assert_allclose(values[at][sequence.marks], own[at][sequence.marks], atol=1e-5)


def test_an_encoder_is_no_critic(run: Path) -> None:
    config = read_config(CONFIG)
    assert isinstance(config, TrainConfig)
    family = load_trained(run / "run")
    object.__setattr__(family, "model", torch.nn.Linear(1, 1))
    with pytest.raises(InputError, match="causal model"):
        write_critic(family, run / "no-critic")
