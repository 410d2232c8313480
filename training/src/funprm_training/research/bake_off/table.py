"""The bake-off's table of cross-validation on train, as Markdown."""

from collections.abc import Sequence
from pathlib import Path

from funprm_training.jsonl import resume_jsonl

COLUMNS = ("livecodebench-v5", "codeforces-hard", "steps-truth")


def read_entries(path: Path) -> dict[str, dict]:
    """Lines of cv.jsonl by the name of their variant; none where there is no file."""
    return {entry["name"]: entry for entry in resume_jsonl(path)}


def table(entries: Sequence[dict]) -> str:
    """One row a variant, those of a source together, the best first: shares of held-out pairs ordered rightly."""
    lines = [
        "| reads | pairs of | samplers | decay | across (livecodebench-v5) | within (codeforces-hard) | mean |",
        "|---|---|---|---|---|---|---|",
    ]
    best = {}
    for entry in entries:
        source = entry["reads"].split("/", maxsplit=1)[0]
        best[source] = max(best.get(source, 0.0), entry["score"])
    order = sorted(entries, key=lambda e: (-best[e["reads"].split("/", maxsplit=1)[0]], e["reads"], -e["score"]))
    for entry in order:
        samplers = "own intercepts" if entry["nuisance"] else "balanced"
        cells = [entry["reads"], " + ".join(entry["suites"]), samplers, f"{entry['decay']:g}"]
        cells += [_share(entry, suite) for suite in COLUMNS[:2]]
        lines.append(f"| {' | '.join(cells)} | {_short(entry['score'])} |")
    return "\n".join(lines)


def step_table(entries: Sequence[dict]) -> str:
    """What step labels do: pairs of held-out prefixes in the order of their true labels, and whole programs."""
    lines = [
        "| reads | step labels | prefixes in the order of the truth | across samplers | within | mean |",
        "|---|---|---|---|---|---|",
    ]
    for entry in entries:
        extra = [suite.removeprefix("steps-") for suite in entry["suites"] if suite.startswith("steps-")]
        cells = [entry["reads"], *(extra or ["none"]), _share(entry, "steps-truth")]
        cells += [_share(entry, suite) for suite in COLUMNS[:2]]
        lines.append(f"| {' | '.join(cells)} | {_short(entry['score'])} |")
    return "\n".join(lines)


def _share(entry: dict, suite: str) -> str:
    low, high = entry["intervals"][suite]
    return f"{_short(entry['shares'][suite])} [{_short(low)}, {_short(high)}]"


def _short(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
