"""Every variant of reward correction in one setting: on real rollouts of ClassEval, or on the synthetic control."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch

from funprm_training.product.two_level import upper_loss
from funprm_training.research.correction.class_programs import DEV_FROM, ClassProgram, read_tallies
from funprm_training.research.correction.levels import Projection, lower_level, split_classes, upper_level
from funprm_training.research.correction.quality import head_quality, label_quality
from funprm_training.research.correction.synthetic import Clean, control, teacher
from funprm_training.research.correction.variants import Variant, correct, fit, head_logits

VARIANTS = (
    Variant("none", "none"),
    Variant("weights", "weights"),
    Variant("table", "table"),
    Variant("table", "table, five times the pace", pace=0.01),
    Variant("table", "table, 5 inner steps", inner=5),
    Variant("table", "table, pulled to r by binomial variance", prior=1.0),
    Variant("table", "table, half of the classes in the upper level", meta_share=0.5),
    Variant("table", "table, upper loss on the last step", aggregate="last"),
    Variant("table", "table, upper loss on the product", aggregate="product"),
    Variant("table", "table, upper loss over pairs", pairs=True),
    Variant("table", "table, over pairs, last step", pairs=True, aggregate="last"),
    Variant("table", "table, over pairs, pulled to r", pairs=True, prior=1.0),
    Variant("pooled", "one delta a group of step position and k/K"),
    Variant("pooled", "one delta a group, over pairs", pairs=True),
    Variant("hard", "hard: any completion passes"),
    Variant("own", "own: r, or 1 where the own program passes"),
    Variant("hard+own", "hard or own"),
    Variant("table", "table over pairs, from hard or own", pairs=True, start="hard+own"),
    Variant("oracle", "oracle: true labels"),
)
CONTROLLED = (
    "none",
    "weights",
    "table",
    "table, upper loss over pairs",
    "one delta a group, over pairs",
    "hard or own",
)
"""Those of VARIANTS that the synthetic control compares."""

Setting = tuple[str, int | str, int]
"""Source, K or noise, seed: what one line of results is about, with all variants."""


def experiment(
    data: Path, settings: Sequence[Setting], variants: Sequence[Variant], programs: Sequence[ClassProgram]
) -> Iterator[tuple[Setting, list[dict]]]:
    """Rows of each setting, a row a variant."""
    train = [program for program in programs if program.number < DEV_FROM]
    dev = [program for program in programs if program.number >= DEV_FROM]
    projection = Projection(np.concatenate([program.features for program in train]))
    real = real_labels(train, projection)
    numbers = sorted({program.number for program in train})
    for setting in settings:
        source, what, seed = setting
        if source != "rollouts":
            clean = teacher(24, seed) if source == "teacher" else real
            yield setting, control(clean, str(what), [v for v in variants if v.name in CONTROLLED], seed)
            continue
        tallies = read_tallies(data / f"rewards-{what}.jsonl")
        rows = []
        for variant in variants:
            split = asdict(split_classes(numbers, seed, variant.meta_share))
            part = {name: [program for program in train if program.number in inside] for name, inside in split.items()}
            lower = lower_level(part["lower"], tallies, projection)
            meta = upper_level(part["meta"], projection)
            corrected = correct(variant, lower.items, meta, seed)
            params = fit(corrected, lower.items.features, seed)
            rows.append(
                {
                    "variant": variant.name,
                    "items": len(lower.truth),
                    "meta programs": len(part["meta"]),
                    "labels": label_quality(corrected, lower),
                    "upper": float(upper_loss(head_logits, params, replace(meta, problem=None), "mean")),
                    "validation": head_quality(params, part["validation"], projection, seed),
                    "dev": head_quality(params, dev, projection, seed),
                }
            )
        yield setting, rows


def real_labels(programs: Sequence[ClassProgram], projection: Projection) -> Clean:
    """Every prefix whose truth is known."""
    known = [(at, program, ~np.isnan(program.truth)) for at, program in enumerate(programs)]
    kept = [(at, program, there) for at, program, there in known if there.any()]
    return Clean(
        torch.cat([projection(program.features[there]) for _, program, there in kept]),
        np.concatenate([program.truth[there] for _, program, there in kept]),
        np.concatenate([np.full(there.sum(), program.number) for _, program, there in kept]),
        np.concatenate([np.full(there.sum(), at) for at, _, there in kept]),
        np.concatenate([np.flatnonzero(there) for _, _, there in kept]),
    )
