"""SkyRL's contract, as skyrl 0.3.0 checks it: `rewards` as long as `response_ids`, token by token."""

from collections.abc import Sequence

import pytest

from funprm_training.adapters.skyrl import funprm_rewards, neutral_row, token_at, token_rewards

LINES = ["def double(n):\n", "    # twice, ½ of four\n", "    return 2 * n\n", "print(double(int(input())))\n"]
PROGRAM = "".join(LINES)


class Pieces:
    """A byte-level tokenizer of pieces of so many bytes: tokens end inside of lines and of characters."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pieces: list[bytes] = []

    def encode(self, text: str) -> list[int]:
        data = text.encode()
        start = len(self.pieces)
        self.pieces += [data[at : at + self.size] for at in range(0, len(data), self.size)]
        return list(range(start, len(self.pieces)))

    def decode(self, ids: Sequence[int]) -> str:
        return b"".join(self.pieces[at] for at in ids).decode("utf-8", "replace")


def answer(spans: list[tuple[int, int, float]], terminal: float) -> dict[str, object]:
    total = terminal + sum(shaped for _, _, shaped in spans)
    steps = [{"start": start, "end": end, "shaped": shaped} for start, end, shaped in spans]
    return {"reward": total, "steps": steps, "shaped": {"terminal": terminal}}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 16, 400])
def test_a_line_earns_at_the_token_that_ends_it(size: int) -> None:
    tokens = Pieces(size)
    ids = tokens.encode(PROGRAM)
    ends = [len("".join(LINES[: at + 1])) for at in range(len(LINES))]
    for end in ends:
        at = token_at(end, ids, tokens.decode)
        assert len(tokens.decode(ids[: at + 1])) >= end
        assert at == 0 or len(tokens.decode(ids[:at])) < end
    spans = [(0, end, 2.0**-at) for at, end in enumerate(ends, start=1)]
    rewards = token_rewards(answer(spans, 1.0), ids, tokens.decode)
    assert len(rewards) == len(ids)
    assert sum(rewards) == 1.0 + sum(shaped for _, _, shaped in spans)
    assert rewards[-1] >= 1.0


@pytest.mark.usefixtures("reward_url")
def test_an_output_gets_rewards_and_what_cannot_be_judged_leaves_the_loss() -> None:
    tokens = Pieces(4)
    responses = [tokens.encode(text) for text in (PROGRAM, "print(int(input()) ** 2)\n", "print(1)\n", PROGRAM)]
    output = {
        "prompt_token_ids": [[1]] * 4,
        "response_ids": responses,
        "rewards": [0.0] * 4,
        "loss_masks": [[1] * len(ids) for ids in responses],
        "stop_reasons": ["stop"] * 4,
        "rollout_logprobs": None,
    }
    problems = ["double", "double", "untested", "double"]
    made = funprm_rewards(output, problems, tokens, steps="line", outcome="share")
    assert [len(row) for row in made["rewards"]] == [len(ids) for ids in responses]
    assert [sum(row) for row in made["rewards"]] == [1.0, 0.5, 0.0, 1.0]
    assert [set(mask) for mask in made["loss_masks"]] == [{1}, {1}, {0}, {1}]
    assert output["rewards"] == [0.0] * 4


def test_what_is_not_known_stands_at_the_mean_of_its_group() -> None:
    rows = [[0.0, 1.0], None, [0.25, 0.0], [7.0]]
    assert neutral_row("a", ["a", "a", "a", "b"], rows, 3) == [0.0, 0.0, 0.625]
    assert neutral_row("c", ["a", "c", "a", "b"], rows, 1) == [0.0]
