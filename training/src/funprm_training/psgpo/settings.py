"""Everything that makes a run of PPO with process rewards; kept as config.json in its folder."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from funprm_training.atomic_write import write_text
from funprm_training.config import InputError


@dataclass(frozen=True)
class PsgpoConfig:
    """A run.

    `policy` is the folder of a causal language model with its tokenizer, as transformers reads it; it is the reference
    too. `prm` is a folder of a token classifier with one label, R in [-1, 1] at line ends. `reward`: `passed` and
    `share` pay for tests alone, `dense` adds lambda R / T at every line end, and `min` pays the same lambda, but at the
    worst line (`min_temperature`). `critic` says where the value model starts. An update takes
    `problems_per_update * samples_per_problem` programs. `kl` is the price of a nat away from the reference.
    """

    policy: str
    prm: str = ""
    reward: Literal["passed", "share", "dense", "min"] = "dense"
    critic: Literal["policy", "prm"] = "prm"
    updates: int = 100
    problems_per_update: int = 32
    samples_per_problem: int = 4
    max_new_tokens: int = 512
    temperature: float = 1.0
    epochs: int = 2
    minibatch: int = 64
    learning_rate: float = 1e-5
    critic_learning_rate: float = 5e-5
    clip: float = 0.2
    value_clip: float = 0.2
    kl: float = 0.02
    gamma: float = 1.0
    gae_lambda: float = 0.95
    min_temperature: float = 0.1
    max_gradient: float = 1.0
    seed: int = 1
    save_every: int = 10

    @property
    def needs_prm(self) -> bool:
        """Whether the PRM is asked about lines; a critic may start from it all the same."""
        return self.reward in ("dense", "min")


def keep_config(out: Path, config: PsgpoConfig) -> None:
    """Writes config.json into the folder of a run; raises InputError where a run of other settings lies."""
    if (config.needs_prm or config.critic == "prm") and not config.prm:
        raise InputError(f"reward {config.reward} with critic {config.critic} needs a PRM: name its folder")
    kept = out / "config.json"
    if kept.exists() and json.loads(kept.read_text(encoding="utf-8")) != asdict(config):
        raise InputError(f"{out} holds a run of other settings: name another --out")
    write_text(kept, json.dumps(asdict(config), indent=2) + "\n")
