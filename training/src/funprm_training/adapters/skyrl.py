"""SkyRL: rewards of tokens for what a generator made: `output = funprm_rewards(output, problems, tokenizer)`.

In a subclass of SkyRLGymGenerator, at the end of `generate`; `problems` holds an id for each response.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from funprm_training.adapters.client import Answer, Client, problem_of

SHAPE = {"steps": "line", "prm": True, "shape": "psgpo"}


class Tokenizer(Protocol):
    """What turns tokens into text."""

    def decode(self, ids: Sequence[int], /) -> str:
        """The text of tokens."""


def funprm_rewards(
    output: dict[str, list],
    problems: Sequence[object],
    tokenizer: Tokenizer,
    client: Client | None = None,
    **wish: object,
) -> dict[str, list]:
    """A GeneratorOutput with `rewards` for every token; lines earn at their last token, tests at the response's.

    SkyRL has no place for what could not be judged. Such a response is taken out of the loss (`loss_masks` 0), and it
    gets the mean of the other responses to its problem at its end, which leaves the baseline of the group where it is.
    """
    client = client or Client()
    responses = output["response_ids"]
    texts = [tokenizer.decode(ids) for ids in responses]
    items = [
        {"problem": problem_of(problem), "completion": text} for problem, text in zip(problems, texts, strict=True)
    ]
    answers = client.rewards(items, **(wish or SHAPE))
    rows = [
        token_rewards(answer, ids, tokenizer.decode) if answer["reward"] is not None else None
        for answer, ids in zip(answers, responses, strict=True)
    ]
    masks = [mask if row is not None else [0] * len(mask) for row, mask in zip(rows, output["loss_masks"], strict=True)]
    filled = [
        row if row is not None else neutral_row(problem, problems, rows, len(ids))
        for row, problem, ids in zip(rows, problems, responses, strict=True)
    ]
    return {**output, "rewards": filled, "loss_masks": masks}


def token_rewards(answer: Answer, ids: Sequence[int], decode: Callable[[Sequence[int]], str]) -> list[float]:
    """The rewards of one response, by token: of each line at the token that ends it, of the tests at the last one."""
    rewards = [0.0] * len(ids)
    shaped = answer.get("shaped")
    for step in answer["steps"] if shaped else []:
        if step["shaped"] and step["end"] is not None:
            rewards[token_at(step["end"], ids, decode)] += step["shaped"]
    rewards[-1] += shaped["terminal"] if shaped else answer["reward"]
    return rewards


def token_at(end: int, ids: Sequence[int], decode: Callable[[Sequence[int]], str]) -> int:
    """The first token with which the text reaches `end` characters.

    Only whole beginnings are decoded: a token by itself may be half a character, or lose its blank.
    """
    low, high = 0, len(ids) - 1
    while low < high:
        middle = (low + high) // 2
        if len(decode(ids[: middle + 1])) >= end:
            high = middle
        else:
            low = middle + 1
    return low


def neutral_row(
    problem: object, problems: Sequence[object], rows: Sequence[list[float] | None], length: int
) -> list[float]:
    """The mean return of the other responses to a problem, at the last of so many tokens."""
    others = [sum(row) for other, row in zip(problems, rows, strict=True) if row is not None and other == problem]
    mean = sum(others) / len(others) if others else 0.0
    return [0.0] * (length - 1) + [mean]
