"""Rewards come from the real `funprm reward`, and are PSGPO's."""

from pathlib import Path

import pytest

from funprm_training.jsonl import read_jsonl
from funprm_training.psgpo.funprm_rewards import RewardClient
from funprm_training.psgpo.shaping import dense, line_end_tokens, token_rewards

WRONG = "def f(a):\n    # nothing\n    return None\n"


@pytest.mark.parametrize("passes", [True, False])
def test_the_return_of_a_program_is_its_tests_and_lambda_r_over_t(url: str, problems: Path, passes: bool) -> None:
    problem = next(read_jsonl(problems))
    program = problem["reference"] if passes else WRONG
    pieces = program.splitlines(keepends=True)
    client = RewardClient(url)
    (verdict,) = client.verdicts([(problem["id"], program)])
    assert verdict["passed"] is passes
    code = [not piece.lstrip().startswith("#") for piece in pieces]
    said = [(-1) ** at * 0.1 * (at + 1) for at in range(len(pieces))]
    (record,) = client.shaped([(problem["id"], program)], [said])
    scale = (0.025 if passes else 0.25) / sum(code)
    lines = dense(record, said)
    assert lines == pytest.approx([scale * r if own else 0 for r, own in zip(said, code, strict=True)])
    rewards = token_rewards(len(pieces) + 1, line_end_tokens(record, [*pieces, ""]), lines, float(passes))
    assert rewards[:-1] == pytest.approx(lines)
    assert sum(rewards) == pytest.approx(passes + scale * sum(r for r, own in zip(said, code, strict=True) if own))


def test_what_cannot_be_judged_is_none_and_is_asked_again(url: str) -> None:
    client = RewardClient(url)
    for _ in range(2):
        (record,) = client.verdicts([("unknown", WRONG)])
        assert record["passed"] is None
    assert client._remembered == {}


def test_references_of_the_small_language_pass(url: str, problems: Path) -> None:
    own = list(read_jsonl(problems))
    records = RewardClient(url).verdicts([(problem["id"], problem["reference"]) for problem in own])
    assert [record["passed"] for record in records] == [True] * len(own)
    assert all(record["share"] == 1 for record in records)


def test_verdicts_stay_remembered_in_a_file_and_a_line_that_a_kill_cut_off_does_no_harm(
    url: str, problems: Path, tmp_path: Path
) -> None:
    own = [(problem["id"], problem["reference"]) for problem in read_jsonl(problems)]
    memory = tmp_path / "verdicts.jsonl"
    known = RewardClient(url, memory).verdicts(own[:2])
    with memory.open("a") as file:
        file.write('{"problem": "p/0", "prog')
    RewardClient(url, memory).verdicts(own[2:4])
    # Nobody listens at this address: what it answers is remembered.
    deaf = RewardClient("http://127.0.0.1:9/", memory)
    assert deaf.verdicts(own[:2]) == known
    assert deaf.verdicts([own[3]])[0]["passed"] is True
    with pytest.raises(OSError, match="refused"):
        deaf.verdicts([own[2]])
