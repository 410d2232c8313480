"""The heads that the bake-off compares by cross-validation on train."""

from dataclasses import asdict, dataclass

import numpy as np

from funprm_training.research.bake_off.linear import held_out_logits, order_interval, order_share
from funprm_training.research.bake_off.material import DECODER_RUNS, Material
from funprm_training.research.bake_off.pairs import BAKE_OFF_SUITES
from funprm_training.research.bake_off.step_labels import LABELS
from funprm_training.research.pools import WITHIN_SAMPLER

FOLD = 0
"""The fold of problems that runs of train_pairs.py leave out to be judged on."""


@dataclass(frozen=True)
class Variant:
    """A head: what it reads (`source/layer/part`, layers counted from 0 among those kept), and its pairs."""

    reads: str
    suites: tuple[str, ...]
    nuisance: bool

    @property
    def name(self) -> str:
        """A folder name."""
        suites = "+".join(suite.removesuffix("-v5").removesuffix("-hard") for suite in self.suites)
        return f"{self.reads.replace('/', '.')}-{suites}-{'nuisance' if self.nuisance else 'balanced'}"


def variants() -> list[Variant]:
    """Everything that is compared by cross-validation on train."""
    suites = (BAKE_OFF_SUITES[:1], BAKE_OFF_SUITES[1:], BAKE_OFF_SUITES)
    sources = {
        "structure": ["structure"],
        "ngrams": ["ngrams"],
        **{source: [f"{source}/2/all", f"{source}/*/code"] for source in ("minilm", "minilm-bare", *DECODER_RUNS)},
    }
    return [
        Variant(reads, chosen, nuisance)
        for source in sources.values()
        for reads in source
        for chosen in suites
        for nuisance in ((False,) if chosen == WITHIN_SAMPLER else (False, True))
    ] + [
        Variant(reads, (*BAKE_OFF_SUITES, f"steps-{kind}"), False)
        for reads in ("structure", "minilm/2/all", "minilm/*/code")
        for kind in LABELS[:3]
    ]


def cross_validate(material: Material, variant: Variant) -> dict[str, object]:
    """The best decay of a variant and its shares of held-out pairs that are ordered rightly, with intervals."""
    rows, found = material.rows(variant.reads, "train"), []
    for decay, logits in held_out_logits(rows, material.programs, variant.suites, variant.nuisance).items():
        shares = {suite: order_share(logits, material.programs, suite) for suite in BAKE_OFF_SUITES}
        found.append((float(np.mean(list(shares.values()))), decay, shares, logits))
    mean, decay, shares, logits = max(found, key=lambda entry: entry[0])
    fold = {suite: order_share(logits, material.programs, suite, FOLD) for suite in BAKE_OFF_SUITES}
    shown = (*BAKE_OFF_SUITES, "steps-truth")
    shares |= {"steps-truth": order_share(logits, material.programs, "steps-truth")}
    intervals = {suite: order_interval(logits, material.programs, suite) for suite in shown}
    by_decay = {str(entry[1]): round(entry[0], 4) for entry in found}
    chosen = {
        "score": mean,
        "decay": decay,
        "shares": shares,
        "intervals": intervals,
        "by decay": by_decay,
        "fold": fold,
    }
    return {"name": variant.name, **asdict(variant), **chosen}


def compare(material: Material, entry: dict, base: dict) -> dict[str, list[float]]:
    """By how much a variant's shares are above another's, each with its 95 % interval, paired by problem."""
    first, second = (
        held_out_logits(material.rows(e["reads"], "train"), material.programs, tuple(e["suites"]), e["nuisance"])[
            e["decay"]
        ]
        for e in (entry, base)
    )
    return {
        suite: [
            order_share(first, material.programs, suite) - order_share(second, material.programs, suite),
            *order_interval(first, material.programs, suite, base=second),
        ]
        for suite in (*BAKE_OFF_SUITES, "steps-truth")
    }
