"""benchmarks/results/psgpo.md and psgpo.svg from the files of an experiment; psgpo.md here holds the text.

`python benchmarks/psgpo/report.py FOLDER`
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from curves import draw
from scipy import stats

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "benchmarks" / "results"
Rows = dict[str, dict[int, dict]]
"""Results by arm and seed."""
WINDOW = 3
"""Updates over which a pass rate of the learning curve is a mean: 384 programs."""
TARGETS = (0.5, 0.6, 0.7)


def read(folder: Path) -> Rows:
    """The results of all workers; only seeds that every arm of the comparison has."""
    rows: Rows = {}
    for file in sorted(folder.glob("results-*.jsonl")):
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            rows.setdefault(row["arm"], {})[row["seed"]] = row
    return rows


def interval(values: Sequence[float], signed: bool = False) -> str:
    """Mean over seeds with its 95 % interval (Student's t)."""
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values) if len(values) > 1 else 0.0
    mean = f"{np.mean(values):{'+' if signed else ''}.3f}"
    return re.sub(r"\b0\.", ".", f"{mean} ± {half:.3f}" if len(values) > 1 else mean)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, ["---"] * len(header), *rows))


def at_the_end(rows: Rows, names: Sequence[str]) -> str:
    """pass@1 and pass@8 of the trained policies, over short and long problems."""
    measures = [f"{kind} pass@{k}" for kind in ("all", "short", "long") for k in (1, 8)]
    return table(
        ["arm", *measures],
        [[name, *(interval([row[measure] for row in rows[name].values()]) for measure in measures)] for name in names],
    )


def against_sparse(rows: Rows, names: Sequence[str]) -> str:
    """Differences from the sparse arm, paired by seed."""
    measures = ("all pass@1", "short pass@1", "long pass@1", "all pass@8")
    body = []
    for name in names:
        if name == "sparse":
            continue
        seeds = sorted(set(rows[name]) & set(rows["sparse"]))
        gaps = [[rows[name][seed][m] - rows["sparse"][seed][m] for seed in seeds] for m in measures]
        halves = [np.mean([_area(rows[name][seed]) - _area(rows["sparse"][seed])]) for seed in seeds]
        body.append(
            [name, str(len(seeds)), *(interval(gap, signed=True) for gap in gaps), interval(halves, signed=True)]
        )
    return table(["arm less sparse", "seeds", *measures, "mean pass rate of the whole run"], body)


def _area(row: dict) -> float:
    return float(np.mean([update["passed"] for update in row["curve"]]))


def curve(row: dict, key: str = "passed") -> np.ndarray:
    """The pass rate of the programs drawn for training, smoothed over WINDOW updates."""
    values = np.array([update[key] for update in row["curve"]], dtype=float)
    return np.convolve(values, np.ones(WINDOW) / WINDOW, mode="valid")


def samples_to(row: dict, target: float) -> float | None:
    """Programs drawn until the smoothed pass rate reaches the target; None: never."""
    reached = np.flatnonzero(curve(row) >= target)
    if not len(reached):
        return None
    return float(sum(update["samples"] for update in row["curve"][: reached[0] + WINDOW]))


def to_targets(rows: Rows, names: Sequence[str]) -> str:
    """Samples until a pass rate is reached, over the seeds that reach it, and how many those are."""
    body = []
    for name in names:
        cells = [name]
        for target in TARGETS:
            found = [samples_to(row, target) for row in rows[name].values()]
            reached = [each for each in found if each is not None]
            half = stats.t.ppf(0.975, len(reached) - 1) * stats.sem(reached) if len(reached) > 1 else 0
            mean = (
                f"{np.mean(reached):,.0f} ± {half:,.0f}" if len(reached) > 1 else "".join(f"{r:,.0f}" for r in reached)
            )
            cells.append(f"{mean or 'never'} ({len(reached)} of {len(found)})")
        body.append(cells)
    return table(["arm", *(f"pass rate {target:.1f}" for target in TARGETS)], body)


def of_prm(rows: Rows, names: Sequence[str], before: dict) -> str:
    """The PRM's agreement with the labels of lines, before training and on what trained policies write."""
    keys = [f"{what}{where}" for where in ("", " of failing programs") for what in ("accuracy", "AUC", "share good")]

    def mean(found: Sequence[dict], key: str) -> str:
        values = [each[key] for each in found if each.get(key) is not None]
        return interval(values) if values else "-"

    body = [["the policy of the warm-up", *(mean([before], key) for key in keys)]]
    for name in names:
        body.append([name, *(mean([row["prm"] for row in rows[name].values()], key) for key in keys)])
    return table(["states of", *keys], body)


def of_runs(rows: Rows, names: Sequence[str]) -> str:
    """What else changed between the first five and the last five updates."""
    measures: dict[str, Callable[[dict], float | None]] = {
        "lines a program": lambda update: update["lines"],
        "comments a program": lambda update: update["comments"],
        "KL a token": lambda update: update["kl"],
        "variance that the critic explains": lambda update: update["explained"],
    }

    def ends(row: dict, measure: Callable[[dict], float | None], part: slice) -> float:
        return float(np.mean([measure(update) for update in row["curve"][part]]))

    parts = (slice(0, 5), slice(-5, None))
    body = [
        [name, *(
            " to ".join(interval([ends(row, measure, part) for row in rows[name].values()]) for part in parts)
            for measure in measures.values()
        )]
        for name in names
    ]  # fmt: skip
    return table(["arm", *measures], body)


def hacks(folder: Path, source: str) -> str:
    """What a hack earns, with all guards and without each, beside what tests say."""
    lines = [json.loads(line) for line in (folder / "hacks.jsonl").read_text("utf-8").splitlines()]
    columns = {
        "None": "all guards",
        "division by T": "no division by T",
        "small lambda": "no small lambda",
        "comments 0": "comments paid",
    }
    body = []
    for row in lines:
        if row["R"] == source:
            figures = [re.sub(r"\b0\.", ".", f"{row[key]:.3f}") for key in ("passed", "share", *columns)]
            body.append([row["program"], row["hack"], *figures])
    body.sort(key=lambda cells: cells[0])
    return table(["program", "hack", "passes", "share of tests", *columns.values()], body)


def main() -> None:
    """Fills psgpo.md with the figures and draws the learning curves."""
    folder = Path(sys.argv[1])
    rows = read(folder)
    compared = ["sparse", "partial tests", "dense", "value init", "both", "min-form"]
    names = [name for name in compared if name in rows]
    unguarded = [name for name in rows if name not in compared]
    probe, prm = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("probe", "prm"))
    text = Path(__file__).with_name("psgpo.md").read_text("utf-8")
    for place, figures in {
        "seeds": ", ".join(f"{name} {len(rows[name])}" for name in names) or "none",
        "probe": table(list(probe), [[f"{value:.3f}" for value in probe.values()]]),
        "end": at_the_end(rows, names),
        "paired": against_sparse(rows, names),
        "targets": to_targets(rows, names),
        "curves": "![Learning curves](psgpo.svg)" if "sparse" in rows else "No run is drawn yet.",
        "prm": of_prm(rows, names, prm),
        "runs": of_runs(rows, [*names, *unguarded]),
        "hacks ideal": hacks(folder, "ideal"),
        "hacks trained": hacks(folder, "trained"),
    }.items():
        assert f"{{{{{place}}}}}" in text, place
        text = text.replace(f"{{{{{place}}}}}", figures)
    (RESULTS / "psgpo.md").write_text(text, "utf-8")
    subprocess.run(["node", ROOT / "benchmarks" / "fit-markdown.mjs", RESULTS / "psgpo.md"], check=True)
    if "sparse" not in rows:
        return
    panels = {"all problems": "passed", "long problems": "long"}
    curves = {
        title: {name: [curve(row, key) for row in rows[name].values()] for name in names}
        for title, key in panels.items()
    }
    first = next(iter(rows["sparse"].values()))["curve"]
    (RESULTS / "psgpo.svg").write_text(draw(curves, first[0]["samples"], WINDOW), "utf-8")


if __name__ == "__main__":
    main()
