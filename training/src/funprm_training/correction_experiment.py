"""Does reward correction work? ClassEval, where every method has a true label, and a synthetic control.

    python -m funprm_training.correction_experiment --data runs/correction --out runs/correction/results.jsonl

Seeds change the split of classes into lower level, meta and validation part, and the heads. Dev classes are looked at
only to report.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from funprm_training.correction import UpperBatch, upper_loss
from funprm_training.correction_data import DEV_FROM, ClassProgram, Tally, read_programs, read_tallies
from funprm_training.correction_synthetic import NOISES, Clean, control, teacher
from funprm_training.correction_variants import Corrected, Items, Variant, correct, fit, head_logits
from funprm_training.separation import auc, best_of_n, correlation

SOURCES = ("teacher", "classeval")
COMPONENTS = 48
"""Principal components of the features that the head sees."""


@dataclass(frozen=True)
class Split:
    """Class numbers; the three parts share none."""

    lower: frozenset[int]
    meta: frozenset[int]
    validation: frozenset[int]


def split_classes(numbers: Sequence[int], seed: int, meta_share: float) -> Split:
    """Random parts: `meta_share` for the upper level, 15 % for validation, the rest for the lower level."""
    order = np.random.default_rng([seed, 11]).permutation(sorted(numbers)).tolist()
    validation = round(0.15 * len(order))
    meta = validation + round(meta_share * len(order))
    return Split(frozenset(order[meta:]), frozenset(order[validation:meta]), frozenset(order[:validation]))


class Projection:
    """Standardised principal components, fitted on the train classes without any label."""

    def __init__(self, rows: np.ndarray) -> None:
        self._mean, self._scale = rows.mean(0), rows.std(0) + 1e-6
        _, values, vectors = np.linalg.svd((rows - self._mean) / self._scale, full_matrices=False)
        self._axes = (vectors[:COMPONENTS] / (values[:COMPONENTS, None] / np.sqrt(len(rows)))).T

    def __call__(self, rows: np.ndarray) -> Tensor:
        """`[n, d]` to `[n, COMPONENTS]`."""
        return torch.from_numpy(((rows - self._mean) / self._scale) @ self._axes).float()


@dataclass(frozen=True)
class Lower:
    """Different prefixes of the lower level's classes, their truth `[n]` (NaN: unknown) and class `[n]`."""

    items: Items
    truth: np.ndarray
    numbers: np.ndarray


def lower_level(
    programs: Sequence[ClassProgram], tallies: dict[tuple[int, str], Tally], projection: Projection
) -> Lower:
    """Equal prefixes of a class are one item: they share rollouts and truth."""
    rows: dict[tuple[int, str], tuple[np.ndarray, Tally, bool, float, int]] = {}
    for program in programs:
        for step, sha in enumerate(program.prefix_shas[:-1]):
            tally, key = tallies.get((program.number, sha)), (program.number, sha)
            if tally is None:
                continue
            own = program.passed or (key in rows and rows[key][2])
            rows[key] = (program.features[step], tally, own, program.truth[step], step)
    found = list(rows.values())
    group = [4 * min(step, 3) + _bin(tally) for _, tally, _, _, step in found]
    items = Items(
        features=projection(np.stack([row[0] for row in found])),
        k=torch.tensor([float(row[1].k) for row in found]),
        total=torch.tensor([float(row[1].total) for row in found]),
        own=torch.tensor([float(row[2]) for row in found]),
        group=torch.tensor(group),
        truth=torch.tensor([float(row[3]) for row in found]),
    )
    return Lower(items, items.truth.numpy(), np.array([key[0] for key in rows]))


def _bin(tally: Tally) -> int:
    """0 for no passing completion, else which third of K passes, from 1."""
    return 0 if tally.k == 0 else 1 + int(3 * (tally.k - 1e-9) / tally.total)


def upper_level(programs: Sequence[ClassProgram], projection: Projection) -> UpperBatch:
    """Whole programs with their verdicts."""
    owner = torch.tensor([at for at, program in enumerate(programs) for _ in program.prefix_shas])
    features = projection(np.concatenate([program.features for program in programs]))
    verdicts = torch.tensor([float(program.passed) for program in programs])
    return UpperBatch(features, owner, verdicts, torch.tensor([program.number for program in programs]))


def label_quality(corrected: Corrected, lower: Lower) -> dict[str, float]:
    """How labels agree with the truth: over all prefixes, and within classes. Weights count for what they are."""
    known = ~np.isnan(lower.truth)
    labels, weights = corrected.targets.numpy()[known], corrected.weights.numpy()[known]
    truth, numbers = lower.truth[known], lower.numbers[known]
    within = [auc(labels[numbers == n], truth[numbers == n]) for n in sorted(set(numbers.tolist()))]
    within = [value for value in within if value is not None]
    return {
        "correlation": correlation(labels, truth, weights),
        "auc": _known(auc(labels, truth)),
        "auc within classes": float(np.mean(within)),
        "squared error": float(np.average((labels - truth) ** 2, weights=weights + 1e-12)),
    }


def _known(value: float | None) -> float:
    """Chance where there is nothing to tell apart."""
    return 0.5 if value is None else value


def head_quality(
    params: dict[str, Tensor], programs: Sequence[ClassProgram], projection: Projection, seed: int
) -> dict:
    """Step AUC and best of 8 by mean reward, by class, of a head on programs of other classes."""
    rewards = [torch.sigmoid(head_logits(params, projection(program.features))).numpy() for program in programs]
    steps, truths = np.concatenate(rewards), np.concatenate([program.truth for program in programs])
    known = ~np.isnan(truths)
    within: dict[int, float] = {}
    passed: dict[int, tuple[float, float, float]] = {}
    methods: dict[int, tuple[float, float, float]] = {}
    for number in sorted({program.number for program in programs}):
        places = [at for at, program in enumerate(programs) if program.number == number]
        values = np.concatenate([rewards[at] for at in places])
        labels = np.concatenate([programs[at].truth for at in places])
        there = ~np.isnan(labels)
        value = auc(values[there], labels[there])
        if value is not None:
            within[number] = value
        scores = np.array([rewards[at].mean() for at in places])
        wins = np.array([float(programs[at].passed) for at in places])
        if 0 < wins.mean() < 1:
            passed[number] = best_of_n(scores, wins, 8, seed)
        methods[number] = best_of_n(scores, np.array([programs[at].methods for at in places]), 8, seed)
    return {
        "step auc": _known(auc(steps[known], truths[known])),
        "step auc within classes": within,
        "best of 8, passes": passed,
        "best of 8, methods right": methods,
    }


VARIANTS = (
    Variant("none", "none"),
    Variant("weights", "weights"),
    Variant("table", "table"),
)
ATTEMPTS = (
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
"""The variants of the synthetic control."""

Job = tuple[str, int | str, int]
"""Source, K or noise, seed: what one line of results is about, with all variants."""


def experiment(
    data: Path, jobs: Sequence[Job], variants: Sequence[Variant], programs: Sequence[ClassProgram]
) -> Iterator[tuple[Job, list[dict]]]:
    """Rows of each job, a row a variant."""
    train = [program for program in programs if program.number < DEV_FROM]
    dev = [program for program in programs if program.number >= DEV_FROM]
    projection = Projection(np.concatenate([program.features for program in train]))
    real = real_labels(train, projection)
    numbers = sorted({program.number for program in train})
    for job in jobs:
        source, what, seed = job
        if source != "rollouts":
            clean = teacher(24, seed) if source == "teacher" else real
            yield job, control(clean, str(what), [v for v in variants if v.name in CONTROLLED], seed)
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
        yield job, rows


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


def data_digest(data: Path, budgets: Sequence[int]) -> str:
    """sha256 of the programs, their labels and rewards: results belong to them."""
    digest = hashlib.sha256()
    for name in ("programs.jsonl", *(f"rewards-{budget}.jsonl" for budget in budgets)):
        digest.update(hashlib.sha256((data / name).read_bytes()).digest())
    return digest.hexdigest()


def finished(path: Path, digest: str) -> set[Job]:
    """The jobs whose results the file holds whole. A line that a kill cut off is taken out; results of other data are
    refused."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        path.write_text(whole, encoding="utf-8")
    rows = [json.loads(line) for line in whole.splitlines()]
    if any(row.get("data") != digest for row in rows):
        raise SystemExit(f"{path} holds results of other programs or rewards: move it away, or name another --out")
    return {tuple(row["job"]) for row in rows}


def main() -> None:
    """Reads the command line and runs what the results do not hold yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/correction"))
    parser.add_argument("--out", type=Path, default=Path("runs/correction/results.jsonl"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--budgets", type=int, nargs="*", default=[1, 4, 16])
    options = parser.parse_args()
    torch.set_num_threads(1)
    jobs: list[Job] = [("rollouts", budget, seed) for seed in range(options.seeds) for budget in options.budgets]
    jobs += [(source, noise, seed) for seed in range(options.seeds) for source in SOURCES for noise in NOISES]
    digest = data_digest(options.data, options.budgets)
    done = finished(options.out, digest)
    left = [job for job in jobs if job not in done]
    with options.out.open("a", encoding="utf-8") as file:
        for job, rows in experiment(options.data, left, [*VARIANTS, *ATTEMPTS], read_programs(options.data)):
            file.write(json.dumps({"job": job, "data": digest, "rows": rows}) + "\n")
            file.flush()
            sys.stdout.write(f"{job}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
