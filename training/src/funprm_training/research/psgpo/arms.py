"""What is compared: the same policy, problems, samples and seeds; only the reward and the critic's beginning differ."""

from funprm_training.psgpo.settings import PsgpoConfig
from funprm_training.research.psgpo.guards import GUARDS, Guard

ARMS: dict[str, dict[str, str]] = {
    "sparse": {"reward": "passed", "critic": "policy"},
    "partial tests": {"reward": "share", "critic": "policy"},
    "dense": {"reward": "dense", "critic": "policy"},
    "value init": {"reward": "passed", "critic": "prm"},
    "both": {"reward": "dense", "critic": "prm"},
    "min-form": {"reward": "min", "critic": "policy"},
}
UNGUARDED: dict[str, Guard] = {f"both without {guard}": guard for guard in GUARDS}
"""The arm `both`, each time with one guard of the shape taken out."""


def arm_config(arm: str, seed: int, policy: str, prm: str, **changes: float) -> PsgpoConfig:
    """The settings of a run; `changes` are those of the experiment."""
    return PsgpoConfig(
        **{
            "policy": policy,
            "prm": prm,
            "seed": seed,
            "problems_per_update": 16,
            "samples_per_problem": 4,
            "max_new_tokens": 64,
            "epochs": 2,
            "minibatch": 64,
            "learning_rate": 3e-4,
            "critic_learning_rate": 1e-3,
            "kl": 0.01,
            **ARMS.get(arm, ARMS["both"]),
            **changes,
        }
    )
