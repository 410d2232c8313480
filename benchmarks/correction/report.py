"""benchmarks/results/correction.md from the experiment's results and the cost of an upper step."""

import argparse
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
Rows = dict[tuple, list[dict]]
"""Rows by variant and what they are about, one a seed in the order of the seeds."""

LABELS: dict[str, Callable[[dict], float]] = {
    "correlation": lambda row: row["labels"]["correlation"],
    "AUC within classes": lambda row: row["labels"]["auc within classes"],
    "squared error": lambda row: row["labels"]["squared error"],
}
HEADS: dict[str, Callable[[dict], float]] = {
    "upper loss": lambda row: row["upper"],
    "step AUC, validation": lambda row: row["validation"]["step auc"],
    "step AUC, dev": lambda row: row["dev"]["step auc"],
    "step AUC within dev classes": lambda row: float(np.mean(list(row["dev"]["step auc within classes"].values()))),
}
CHOICES = ("best of 8, passes", "best of 8, methods right")


def interval(values: list[float], signed: bool = False) -> str:
    """Mean over seeds with its 95 % interval (Student's t)."""
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values) if len(values) > 1 else 0.0
    mean = f"{np.mean(values):{'+' if signed else ''}.3f}"
    return _short(f"{mean} ± {half:.3f}" if half > 0 else mean)


def by_class(values: list[dict[str, list[float]]], place: int) -> str:
    """Mean over seeds and classes; the interval resamples classes, 10,000 times."""
    numbers = sorted(values[0])
    means = np.array([np.mean([value[number][place] for value in values]) for number in numbers])
    draws = np.random.default_rng(0).integers(0, len(means), size=(10_000, len(means)))
    low, high = np.percentile(means[draws].mean(axis=1), [2.5, 97.5])
    return _short(f"{means.mean():.3f} [{low:.3f}, {high:.3f}]")


def _short(text: str) -> str:
    return re.sub(r"\b0\.", ".", text)


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, ["---"] * len(header), *rows))


def compared(rows: Rows, names: list[str], budget: int, measures: dict[str, Callable[[dict], float]]) -> str:
    """Each measure, and its difference from `none` paired by seed."""
    base = rows["none", budget]
    body = []
    for name in names:
        cells = [name]
        for measure in measures.values():
            found = [measure(row) for row in rows[name, budget]]
            cells.append(interval(found))
            gaps = [value - measure(row) for value, row in zip(found, base, strict=True)]
            cells.append("" if name == "none" else interval(gaps, signed=True))
        body.append(cells)
    return table(["labels", *(cell for name in measures for cell in (name, "from none"))], body)


def choices(rows: Rows, names: list[str], budget: int) -> str:
    """Best-of-8 on dev."""
    body = [[name, *(by_class([row["dev"][what] for row in rows[name, budget]], 0) for what in CHOICES)] for name in names]
    base = rows["none", budget]
    for place, name in ((1, "random choice"), (2, "best choice")):
        body.append([name, *(by_class([row["dev"][what] for row in base], place) for what in CHOICES)])
    count = len(base[0]["dev"][CHOICES[0]])
    return table(["labels", f"passes ({count} classes that some programs pass)", "share of right methods (20 classes)"], body)


def control(rows: Rows, source: str) -> str:
    """Share of the noise that each variant removes, and the step AUC of a head trained on the result."""
    noises = list(dict.fromkeys(key[1] for key in rows if key[0] == source))
    names = list(dict.fromkeys(key[2] for key in rows if key[0] == source))
    body = [
        [name, *(f"{interval([r['removed'] for r in rows[source, noise, name]], signed=True)}; "
                 f"{interval([r['step auc'] for r in rows[source, noise, name]])}" for noise in noises)]
        for name in names
    ]  # fmt: skip
    return table(["labels", *noises], body)


def main() -> None:
    """Fills benchmarks/correction/correction.md with the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "training" / "runs" / "correction")
    data = parser.parse_args().data
    real: Rows = {}
    noise: Rows = {}
    lines = [json.loads(line) for line in (data / "results.jsonl").read_text("utf-8").splitlines()]
    for line in sorted(lines, key=lambda line: line["setting"][2]):
        source, what, _ = line["setting"]
        for row in line["rows"]:
            key = (row["variant"], what) if source == "rollouts" else (source, what, row["variant"])
            (real if source == "rollouts" else noise).setdefault(key, []).append(row)
    names = list(dict.fromkeys(name for name, _ in real))
    costs = [json.loads(line) for line in (data / "cost.jsonl").read_text("utf-8").splitlines()]
    cost = table(
        ["model", *(f"{way}, ms" for way in costs[0]["ms"]), *(f"{way}, error" for way in costs[0]["error"])],
        [
            [c["model"], *(f"{ms:.1f}" for ms in c["ms"].values()), *(f"{error:.0e}" for error in c["error"].values())]
            for c in costs
        ],
    )
    sizes = [row["items"] for row in real["none", 16]]
    text = (Path(__file__).with_name("correction.md")).read_text("utf-8")
    for place, figures in {
        "items": f"{min(sizes)} to {max(sizes)}",
        "seeds": str(len(real["none", 16])),
        **{f"labels {k}": compared(real, names, k, LABELS) for k in (1, 4, 16)},
        **{f"heads {k}": compared(real, names, k, HEADS) for k in (1, 16)},
        "choices": choices(real, names, 16),
        "teacher": control(noise, "teacher"),
        "classeval": control(noise, "classeval"),
        "cost": cost,
    }.items():
        assert f"{{{{{place}}}}}" in text, place
        text = text.replace(f"{{{{{place}}}}}", figures)
    result = ROOT / "benchmarks" / "results" / "correction.md"
    result.write_text(text, "utf-8")
    subprocess.run(["node", ROOT / "benchmarks" / "fit-markdown.mjs", result], check=True)


if __name__ == "__main__":
    main()
