"""From the rewards of lines to the rewards of tokens."""

import math
from collections.abc import Sequence

from transformers import PreTrainedTokenizerBase

from funprm_training.psgpo.funprm_rewards import Record


def dense(record: Record, rewards: Sequence[float]) -> list[float]:
    """PSGPO: lambda R_t / T for every line, as funprm says. `rewards` (R_t) are in it already."""
    lines = [line["shaped"] for line in record["steps"]]
    assert len(lines) == len(rewards)
    return lines


def minimum(record: Record, rewards: Sequence[float], temperature: float) -> list[float]:
    """PURE (arXiv 2504.15275): credit is the minimum over steps, so the worst line gets lambda R_t.

    The minimum is soft: line t has the weight softmax(-R / temperature)_t over the lines with code.
    """
    weights = [
        math.exp(-reward / temperature) if line["code"] else 0.0
        for line, reward in zip(record["steps"], rewards, strict=True)
    ]
    total = sum(weights) or 1.0
    scale = record["shaped"]["lambda"]
    return [scale * weight / total * reward for weight, reward in zip(weights, rewards, strict=True)]


def line_end_tokens(record: Record, pieces: Sequence[str]) -> list[int]:
    """For every line of a program the token of `pieces` that holds its last character."""
    found, token, end = [], -1, 0
    for line in record["steps"]:
        while end < line["end"]:
            token += 1
            end += len(pieces[token])
        found.append(max(token, 0))
    return found


def token_rewards(length: int, line_ends: Sequence[int], lines: Sequence[float], terminal: float) -> list[float]:
    """Rewards of the tokens of a response: those of lines at their ends, and what tests are worth at the last one."""
    rewards = [0.0] * length
    for token, reward in zip(line_ends, lines, strict=True):
        rewards[token] += reward
    rewards[-1] += terminal
    return rewards


class Pieces:
    """The texts of tokens, which joined are the text of the response."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        self._tokenizer = tokenizer
        self._known: dict[int, str] = {}

    def of(self, response: Sequence[int]) -> list[str]:
        """One text a token; special tokens have none. Characters of several tokens belong to the last of them."""
        pieces = [self._piece(token) for token in response]
        whole = self._text(response)
        if "".join(pieces) == whole:
            return pieces
        begun = [len(self._text(response[: at + 1]).rstrip("\ufffd")) for at in range(len(response))]
        begun[-1] = len(whole)
        return [whole[start:end] for start, end in zip([0, *begun], begun, strict=False)]

    def _piece(self, token: int) -> str:
        if token not in self._known:
            self._known[token] = self._text([token])
        return self._known[token]

    def _text(self, tokens: Sequence[int]) -> str:
        return self._tokenizer.decode(list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False)
