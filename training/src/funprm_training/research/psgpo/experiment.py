"""The whole experiment, resumable at every point: problems, warm-up, labels and PRM, then a run for every arm and seed.

`FUNPRM_MAIN=dist/main.js python -m funprm_training.research.psgpo.experiment --out FOLDER --seeds 5`
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import torch

from funprm_training.atomic_write import write_text
from funprm_training.jsonl import append_jsonl, read_jsonl, resume_jsonl, write_jsonl
from funprm_training.psgpo.funprm_rewards import RewardClient, funprm_command, reward_server
from funprm_training.psgpo.line_prm import train_line_prm
from funprm_training.psgpo.models import read_policy, read_prm, read_tokenizer
from funprm_training.psgpo.train import Trainer, train
from funprm_training.research.psgpo.arms import ARMS, UNGUARDED, arm_config
from funprm_training.research.psgpo.evaluation import (
    COMPLETIONS,
    SAMPLES,
    labelled,
    pass_rates,
    prm_quality,
    programs_of,
)
from funprm_training.research.psgpo.guards import without
from funprm_training.research.psgpo.programs import draw_problems
from funprm_training.research.psgpo.warm_up import WarmUp, warm_up

TRAIN_PROBLEMS, TEST_PROBLEMS = 96, 48
LABELLED_PER_PROBLEM = 5
UNGUARDED_SEEDS = 2


class Place:
    """The files of an experiment."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.problems, self.policy, self.prm = out / "problems.jsonl", out / "policy", out / "prm"
        self.log = out / "log.txt"

    def tell(self, words: str) -> None:
        """A line of the log, with the time."""
        with self.log.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime('%H:%M:%S')} {words}\n")

    def split(self, name: str) -> list[dict[str, Any]]:
        """The problems for training (`train`) or for judging (`test`)."""
        return [problem for problem in read_jsonl(self.problems) if problem["id"].startswith(name)]

    def results(self, part: int) -> Path:
        """Results of the runs that one worker made."""
        return self.out / f"results-{part}.jsonl"


def prepare(place: Place) -> None:
    """Problems and the policy of the warm-up."""
    if not place.problems.exists():
        problems = draw_problems(1, TEST_PROBLEMS, "test")
        known = {problem["statement"] for problem in problems}
        drawn = draw_problems(2, TRAIN_PROBLEMS + TEST_PROBLEMS, "train")
        problems += [problem for problem in drawn if problem["statement"] not in known][:TRAIN_PROBLEMS]
        write_jsonl(place.problems, problems)
        place.tell(f"{len(problems)} problems")
    if not (place.policy / "model.safetensors").exists():
        warm_up(WarmUp(), place.policy, place.tell)


def make_prm(place: Place, client: RewardClient) -> None:
    """The policy's pass rates, labels of its programs, and the PRM that is trained on them."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = read_tokenizer(str(place.policy))
    policy = read_policy(str(place.policy), device)
    kept = place.out / "probe.json"
    if not kept.exists():
        test = place.split("test")
        rates = pass_rates(programs_of(policy, tokenizer, test, client, samples=SAMPLES, seed=7), test)
        place.tell(f"pass rates after the warm-up: {rates}")
        write_text(kept, json.dumps(rates))
    if (place.prm / "model.safetensors").exists():
        return
    began = time.monotonic()
    found = {}
    for name, samples, seed in (("train", LABELLED_PER_PROBLEM, 11), ("test", 1, 12)):
        programs = programs_of(policy, tokenizer, place.split(name), client, samples=samples, seed=seed)
        programs = [program for program in programs if program.passed is not None and program.line_ends]
        labels, drawn = labelled(programs, policy, tokenizer, client, completions=COMPLETIONS, seed=seed)
        found[name] = (programs, labels)
        place.tell(
            f"{name}: {len(programs)} programs labelled with {drawn} completions, {time.monotonic() - began:.0f} s"
        )
    pad = tokenizer.eos_token_id
    prm = train_line_prm(str(place.policy), *found["train"], place.prm, pad=pad, device=device, tell=place.tell)
    quality = prm_quality(prm, *found["test"], pad)
    place.tell(f"PRM on programs of the warm-up for test problems: {quality}")
    write_text(place.out / "prm.json", json.dumps(quality))


def one_run(place: Place, client: RewardClient, arm: str, seed: int, updates: int) -> dict[str, Any]:
    """Trains an arm, then judges the trained policy and, by its states, the PRM."""
    config = arm_config(arm, seed, str(place.policy), str(place.prm), updates=updates)
    folder = place.out / "runs" / f"{arm.replace(' ', '-')}-{seed}"
    shape = partial(without, UNGUARDED[arm]) if arm in UNGUARDED else None
    trainer = train(Trainer(config, place.split("train"), client, shape), folder)
    test = place.split("test")
    programs = programs_of(trainer.policy, trainer.tokenizer, test, client, samples=SAMPLES, seed=1000 + seed)
    judged = [program for program in programs[::SAMPLES] if program.line_ends]
    judged = [program for program in judged if program.passed is not None]
    labels, _ = labelled(judged, trainer.policy, trainer.tokenizer, client, completions=COMPLETIONS, seed=seed)
    prm = read_prm(str(place.prm), trainer.device)
    long = {problem["id"] for problem in place.split("train") if problem["long"]}
    return {
        "arm": arm,
        "seed": seed,
        **pass_rates(programs, test),
        "prm": prm_quality(prm, judged, labels, trainer.end),
        "curve": [
            {key: row.get(key) for key in ("samples", "passed", "reward", "kl", "explained", "lines", "comments")}
            | {"long": _share(row["verdicts"], long)}
            for row in read_jsonl(folder / "updates.jsonl")
        ],
    }


def _share(verdicts: list[tuple[str, int]], wanted: set[str]) -> float | None:
    own = [passed for problem, passed in verdicts if problem in wanted]
    return sum(own) / len(own) if own else None


def work(place: Place, url: str, part: int, parts: int, seeds: int, updates: int) -> None:
    """Every `parts`-th run that has no result yet."""
    client = RewardClient(url, place.out / "verdicts.jsonl")
    done = {(row["arm"], row["seed"]) for row in resume_jsonl(place.results(part))}
    runs = [(seed, arm) for seed in range(1, seeds + 1) for arm in ARMS]
    runs += [(seed, arm) for seed in range(1, min(seeds, UNGUARDED_SEEDS) + 1) for arm in UNGUARDED]
    for at, (seed, arm) in enumerate(runs):
        if at % parts != part or (arm, seed) in done:
            continue
        began = time.monotonic()
        row = one_run(place, client, arm, seed, updates)
        append_jsonl(place.results(part), row)
        place.tell(f"{arm}, seed {seed}: pass@1 {row['all pass@1']:.3f}, {time.monotonic() - began:.0f} s")


def main() -> int:
    """The command. `--part` and `--url` are how it starts its own workers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--updates", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--part", type=int)
    parser.add_argument("--url")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    # The end by a signal is an end in order too: servers and workers are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    place = Place(arguments.out.resolve())
    place.out.mkdir(parents=True, exist_ok=True)
    if arguments.part is not None:
        work(place, arguments.url, arguments.part, arguments.workers, arguments.seeds, arguments.updates)
        return 0
    prepare(place)
    with reward_server(funprm_command(), place.problems, place.out / "funprm.log") as url:
        make_prm(place, RewardClient(url, place.out / "verdicts.jsonl"))
        started = [
            subprocess.Popen(
                [sys.executable, "-m", __spec__.name, *sys.argv[1:], "--part", str(part), "--url", url], env=os.environ
            )
            for part in range(arguments.workers)
        ]
        try:
            return max(worker.wait() for worker in started)
        finally:
            for worker in started:
                worker.terminate()


if __name__ == "__main__":
    sys.exit(main())
