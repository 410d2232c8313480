"""Whether a prefix of a program can still be saved: K completions by the policy, judged by funprm."""

from collections.abc import Callable, Sequence

import torch
from transformers import PreTrainedModel

from funprm_training.psgpo.funprm_rewards import RewardClient
from funprm_training.psgpo.rollouts import LinedProgram
from funprm_training.psgpo.sampling import sample
from funprm_training.psgpo.shaping import Pieces


class Completer:
    """Completes prefixes of lines. The first completions are few, since most prefixes that can pass do so at once."""

    def __init__(
        self,
        policy: PreTrainedModel,
        pieces: Pieces,
        client: RewardClient,
        *,
        end: int,
        completions: int,
        max_new_tokens: int,
        generator: torch.Generator,
        batch: int = 256,
    ) -> None:
        self._policy, self._pieces, self._client = policy, pieces, client
        self._end, self._max_new_tokens, self._generator = end, max_new_tokens, generator
        self._rounds = [min(2, completions), max(completions - 2, 0)]
        self._batch = batch
        self.drawn = 0

    def any_passes(self, programs: Sequence[LinedProgram], asked: Sequence[tuple[int, int]]) -> list[bool]:
        """For (program, number of lines) whether any of K completions of these lines passes all tests."""
        found = [False] * len(asked)
        for count in self._rounds:
            open_ones = [at for at, good in enumerate(found) if not good for _ in range(count)]
            for start in range(0, len(open_ones), self._batch):
                group = open_ones[start : start + self._batch]
                for at, good in zip(group, self._judged([asked[at] for at in group], programs), strict=True):
                    found[at] = found[at] or good
        return found

    def asking(self, programs: Sequence[LinedProgram]) -> Callable[[list[tuple[int, int]]], list[bool]]:
        """`any_passes` of these programs, as a search of labels asks it."""
        return lambda asked: self.any_passes(programs, asked)

    def _judged(self, asked: Sequence[tuple[int, int]], programs: Sequence[LinedProgram]) -> list[bool]:
        prefixes = []
        for at, lines in asked:
            program = programs[at]
            kept = program.line_ends[lines - 1] + 1 if lines > 0 else 0
            prefixes.append((program.sequence.prompt, program.sequence.response[:kept]))
        drawn = sample(
            self._policy,
            [prompt + kept for prompt, kept in prefixes],
            end=self._end,
            max_new_tokens=self._max_new_tokens,
            temperature=1.0,
            generator=self._generator,
        )
        self.drawn += len(drawn)
        texts = [
            "".join(self._pieces.of(kept + completed.response))
            for (_, kept), completed in zip(prefixes, drawn, strict=True)
        ]
        judged = self._client.verdicts(
            [(programs[at].problem, text) for (at, _), text in zip(asked, texts, strict=True)]
        )
        return [record["passed"] is True for record in judged]
