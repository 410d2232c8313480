"""PPO with process rewards (PSGPO, arXiv 2410.17621): draw programs, ask funprm, shape, estimate, improve.

`python -m funprm_training.psgpo.train CONFIG --problems FILE --out FOLDER`
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from funprm_training import checkpoint
from funprm_training.config import InputError
from funprm_training.jsonl import append_jsonl, read_jsonl, resume_jsonl, write_jsonl
from funprm_training.psgpo.advantages import gae, normalised
from funprm_training.psgpo.funprm_rewards import Record, RewardClient, funprm_command, reward_server
from funprm_training.psgpo.line_prm import line_rewards
from funprm_training.psgpo.losses import policy_loss, value_loss
from funprm_training.psgpo.models import critic_from_prm, fresh_classifier, read_policy, read_prm, read_tokenizer
from funprm_training.psgpo.rollouts import LinedProgram, asked_of, draw_programs
from funprm_training.psgpo.sequences import Batch, batch_of, logprobs, values
from funprm_training.psgpo.settings import PsgpoConfig, keep_config
from funprm_training.psgpo.shaping import Pieces, dense, minimum, token_rewards

Shape = Callable[[Record, Sequence[float]], list[float]]
"""The rewards of lines from funprm's record of a program and R of its lines."""


@dataclass(frozen=True)
class Experience:
    """A batch of programs with what the policy, the reference and the critic said when they were drawn."""

    batch: Batch
    old: Tensor
    old_values: Tensor
    advantages: Tensor
    returns: Tensor


class Trainer:
    """A run between two updates; `state` and `restore` are all of it that changes."""

    def __init__(
        self, config: PsgpoConfig, problems: Sequence[dict], client: RewardClient, shape: Shape | None = None
    ) -> None:
        """`shape` replaces the shape that `config.reward` names (`dense` or `min`)."""
        self.config, self.client = config, client
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.tokenizer = read_tokenizer(config.policy)
        self.end = self.tokenizer.eos_token_id
        self.pieces = Pieces(self.tokenizer)
        self.asked = asked_of(problems, self.tokenizer)
        self.policy = read_policy(config.policy, self.device)
        self.reference = read_policy(config.policy, self.device).requires_grad_(False)
        self.prm = read_prm(config.prm, self.device).requires_grad_(False) if config.needs_prm else None
        begin = (
            partial(critic_from_prm, config.prm) if config.critic == "prm" else partial(fresh_classifier, config.policy)
        )
        self.critic = begin(self.device)
        shapes = {"dense": dense, "min": partial(minimum, temperature=config.min_temperature)}
        self.shape = shape or shapes.get(config.reward)
        self.optimizers = [
            torch.optim.AdamW(self.policy.parameters(), lr=config.learning_rate, weight_decay=0.0),
            torch.optim.AdamW(self.critic.parameters(), lr=config.critic_learning_rate, weight_decay=0.0),
        ]
        self.step = 0
        self.chance = torch.Generator().manual_seed(config.seed)
        self.sampling = torch.Generator(self.device).manual_seed(config.seed)

    def update(self) -> dict[str, Any]:
        """One update of policy and critic; what is to be known about it."""
        began = time.monotonic()
        programs = [program for program in self._draw() if program.passed is not None]
        drawn = time.monotonic()
        row = {"step": self.step, **self._seen(programs)}
        if programs:
            experience, measured = self._experience(programs)
            row |= measured
            row |= self._improve(experience)
        self.step += 1
        return {**row, "draw_s": round(drawn - began, 3), "train_s": round(time.monotonic() - drawn, 3)}

    def _draw(self) -> list[LinedProgram]:
        config = self.config
        picked = torch.randperm(len(self.asked), generator=self.chance)[: config.problems_per_update].tolist()
        return draw_programs(
            self.policy,
            [self.asked[at] for at in picked for _ in range(config.samples_per_problem)],
            self.pieces,
            self.client,
            end=self.end,
            max_new_tokens=config.max_new_tokens,
            temperature=config.temperature,
            generator=self.sampling,
        )

    def _rewards(self, programs: Sequence[LinedProgram]) -> list[list[float]]:
        """r of every token: the unit tests at the last one and, with a shape, the lines' at their ends."""
        worth = "share" if self.config.reward == "share" else "passed"
        terminal = [float(program.record[worth]) for program in programs]
        lines = [[0.0] * len(program.line_ends) for program in programs]
        if self.shape is not None and self.prm is not None:
            said = line_rewards(self.prm, programs, self.end, self.config.minibatch)
            records = self.client.shaped([(program.problem, program.text) for program in programs], said)
            # A verdict that funprm had to forget may be missing now: then lines earn nothing.
            lines = [
                self.shape(record, each) if record["passed"] is not None else own
                for record, each, own in zip(records, said, lines, strict=True)
            ]
        return [
            token_rewards(len(program.sequence.response), program.line_ends, own, worth_of_tests)
            for program, own, worth_of_tests in zip(programs, lines, terminal, strict=True)
        ]

    @torch.no_grad()
    def _experience(self, programs: Sequence[LinedProgram]) -> tuple[Experience, dict[str, float]]:
        config = self.config
        batch = batch_of([program.sequence for program in programs], self.end, self.device)
        rewards = torch.zeros_like(batch.mask)
        for row, own in enumerate(self._rewards(programs)):
            rewards[row, : len(own)] = torch.tensor(own)
        parts = [batch.rows(index) for index in torch.arange(len(programs)).split(config.minibatch)]
        old = torch.cat([logprobs(self.policy, part, config.temperature) for part in parts])
        reference = torch.cat([logprobs(self.reference, part, config.temperature) for part in parts])
        old_values = torch.cat([values(self.critic, part) for part in parts])
        away = old - reference
        advantages, returns = gae(rewards - config.kl * away, old_values, batch.mask, config.gamma, config.gae_lambda)
        spread = (returns - returns.sum() / batch.mask.sum()) * batch.mask
        error = (returns - old_values) * batch.mask
        explained = 1 - (error**2).sum() / (spread**2).sum().clamp(min=1e-8)
        measured = {
            "reward": (rewards.sum() / len(programs)).item(),
            "kl": (away.sum() / batch.mask.sum()).item(),
            "explained": explained.item(),
        }
        return Experience(batch, old, old_values, normalised(advantages, batch.mask), returns), measured

    def _improve(self, experience: Experience) -> dict[str, float]:
        config = self.config
        sums = {"policy_loss": 0.0, "value_loss": 0.0}
        count = 0
        for _ in range(config.epochs):
            order = torch.randperm(len(experience.old), generator=self.chance)
            for index in order.split(config.minibatch):
                batch, rows = experience.batch.rows(index), index.to(self.device)
                losses = (
                    policy_loss(
                        logprobs(self.policy, batch, config.temperature),
                        experience.old[rows],
                        experience.advantages[rows],
                        batch.mask,
                        config.clip,
                    ),
                    value_loss(
                        values(self.critic, batch),
                        experience.old_values[rows],
                        experience.returns[rows],
                        batch.mask,
                        config.value_clip,
                    ),
                )
                for model, optimizer, loss in zip((self.policy, self.critic), self.optimizers, losses, strict=True):
                    optimizer.zero_grad()
                    loss.backward()
                    torch.nn.utils.clip_grad_norm_(model.parameters(), config.max_gradient)
                    optimizer.step()
                count += 1
                for name, loss in zip(sums, losses, strict=True):
                    sums[name] += loss.item()
        return {name: total / count for name, total in sums.items()}

    def _seen(self, programs: Sequence[LinedProgram]) -> dict[str, Any]:
        count = max(len(programs), 1)
        steps = [program.record["steps"] for program in programs]
        return {
            "samples": len(programs),
            "unscorable": self.config.problems_per_update * self.config.samples_per_problem - len(programs),
            "passed": sum(program.passed is True for program in programs) / count,
            "lines": sum(map(len, steps)) / count,
            "comments": sum(not line["code"] for lines in steps for line in lines) / count,
            "verdicts": [[program.problem, int(program.passed is True)] for program in programs],
        }

    def state(self) -> dict[str, Any]:
        """What a checkpoint holds: weights, optimisers, and the states of chance."""
        return {
            "step": self.step,
            "policy": self.policy.state_dict(),
            "critic": self.critic.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
            "chance": self.chance.get_state(),
            "sampling": self.sampling.get_state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Goes back to a checkpoint."""
        self.step = state["step"]
        self.policy.load_state_dict(state["policy"])
        self.critic.load_state_dict(state["critic"])
        for optimizer, kept in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(kept)
        self.chance.set_state(state["chance"])
        self.sampling.set_state(state["sampling"])


def train(trainer: Trainer, out: Path) -> Trainer:
    """Runs all updates, from the last checkpoint of `out` where there is one; the same numbers either way.

    `out` gets config.json, train.pt (the checkpoint), updates.jsonl (a row an update) and policy/, the trained policy.
    """
    config = trainer.config
    keep_config(out, config)
    kept = checkpoint.load(out / "train.pt")
    log = out / "updates.jsonl"
    rows = resume_jsonl(log)
    if kept is not None:
        trainer.restore(kept)
    # Updates behind the checkpoint are made again.
    write_jsonl(log, rows[: trainer.step])
    while trainer.step < config.updates:
        append_jsonl(log, trainer.update())
        if trainer.step % config.save_every == 0 or trainer.step == config.updates:
            checkpoint.save(out / "train.pt", trainer.state())
    trainer.policy.save_pretrained(out / "policy")
    trainer.tokenizer.save_pretrained(out / "policy")
    return trainer


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("config", type=Path, help="a JSON file with the fields of PsgpoConfig")
    parser.add_argument("--problems", type=Path, required=True, help="problems with tests, in funprm's form")
    parser.add_argument("--url", help="a running `funprm reward` that knows the problems; without it, one is started")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    arguments = parser.parse_args()
    try:
        config = PsgpoConfig(**json.loads(arguments.config.read_text(encoding="utf-8")))
        problems = list(read_jsonl(arguments.problems))
        arguments.out.mkdir(parents=True, exist_ok=True)
        keep_config(arguments.out, config)
        if arguments.url:
            train(Trainer(config, problems, RewardClient(arguments.url)), arguments.out)
        else:
            with reward_server(funprm_command(), arguments.problems, arguments.out / "funprm.log") as url:
                train(Trainer(config, problems, RewardClient(url)), arguments.out)
    except InputError as error:
        print(f"psgpo: {error}", file=sys.stderr)
        return 2
    print(arguments.out / "policy")
    return 0


if __name__ == "__main__":
    sys.exit(main())
