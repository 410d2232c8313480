"""What a policy can do on problems that it was not trained on, and whether the PRM still understands its programs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from funprm_training.psgpo.completions import Completer
from funprm_training.psgpo.funprm_rewards import RewardClient
from funprm_training.psgpo.line_labels import LineLabels, search_labels
from funprm_training.psgpo.line_prm import line_rewards
from funprm_training.psgpo.rollouts import LinedProgram, asked_of, draw_programs
from funprm_training.psgpo.shaping import Pieces
from funprm_training.research.statistics import auc

SAMPLES, COMPLETIONS, MAX_TOKENS = 12, 8, 64


def programs_of(
    policy: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    problems: Sequence[Mapping[str, Any]],
    client: RewardClient,
    *,
    samples: int,
    seed: int,
    batch: int = 256,
) -> list[LinedProgram]:
    """`samples` programs for every problem, those of a problem together."""
    asked = [each for each in asked_of(list(problems), tokenizer) for _ in range(samples)]
    generator = torch.Generator(policy.device).manual_seed(seed)
    found: list[LinedProgram] = []
    for start in range(0, len(asked), batch):
        found += draw_programs(
            policy,
            asked[start : start + batch],
            Pieces(tokenizer),
            client,
            end=tokenizer.eos_token_id,
            max_new_tokens=MAX_TOKENS,
            temperature=1.0,
            generator=generator,
        )
    return found


def pass_at(k: int, passed: int, of: int) -> float:
    """The chance that k of `of` programs hold one that passes (arXiv 2107.03374)."""
    return 1 - float(np.prod([1 - k / n for n in range(of - passed + 1, of + 1)])) if passed else 0.0


def pass_rates(programs: Sequence[LinedProgram], problems: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """pass@1 and pass@8 over all problems, and over short and long ones."""
    verdicts: dict[str, list[bool]] = {each["id"]: [] for each in problems}
    for program in programs:
        if program.passed is not None:
            verdicts[program.problem].append(program.passed)
    found = {}
    for name, wanted in (("all", (False, True)), ("short", (False,)), ("long", (True,))):
        own = [verdicts[each["id"]] for each in problems if each["long"] in wanted and verdicts[each["id"]]]
        for k in (1, 8):
            found[f"{name} pass@{k}"] = float(np.mean([pass_at(k, sum(each), len(each)) for each in own]))
    return found


def labelled(
    programs: Sequence[LinedProgram],
    policy: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    client: RewardClient,
    *,
    completions: int,
    seed: int,
) -> tuple[list[LineLabels], int]:
    """The labels of lines by completions of a policy, and how many completions it took."""
    completer = Completer(
        policy,
        Pieces(tokenizer),
        client,
        end=tokenizer.eos_token_id,
        completions=completions,
        max_new_tokens=MAX_TOKENS,
        generator=torch.Generator(policy.device).manual_seed(seed),
    )
    lengths = [len(program.line_ends) for program in programs]
    passes = [program.passed is True for program in programs]
    return search_labels(lengths, passes, completer.asking(programs)), completer.drawn


def prm_quality(
    prm: PreTrainedModel, programs: Sequence[LinedProgram], labels: Sequence[LineLabels], pad: int
) -> dict[str, float]:
    """How R agrees with labels: over the lines with code of all programs, and of those that fail."""
    said = line_rewards(prm, programs, pad, 64)
    rows = [
        (reward, label.of(line) > 0, program.passed is True)
        for program, rewards, label in zip(programs, said, labels, strict=True)
        for line, (reward, step) in enumerate(zip(rewards, program.record["steps"], strict=True))
        if step["code"]
    ]
    found = {}
    for name, own in (("", rows), (" of failing programs", [row for row in rows if not row[2]])):
        if not own:
            continue
        rewards, good = np.array([row[0] for row in own]), np.array([row[1] for row in own])
        found[f"accuracy{name}"] = float(((rewards > 0) == good).mean())
        found[f"share good{name}"] = float(good.mean())
        found[f"AUC{name}"] = auc(rewards, good) if 0 < good.sum() < len(good) else None
    return found
