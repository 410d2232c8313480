"""Learning curves as an SVG: the mean over seeds, with its 95 % interval as a band."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

COLORS = ("#444444", "#2a9d8f", "#5b8def", "#e9a03b", "#d1495b", "#8e5bb5")
WIDTH, HEIGHT, TOP, LEFT, GAP = 400, 300, 50, 52, 40


def draw(panels: Mapping[str, Mapping[str, Sequence[np.ndarray]]], samples: int, window: int) -> str:
    """`panels`: by title and arm the curves of the seeds. A point is `window` updates of `samples` programs."""
    count = len(panels)
    width = LEFT + count * (WIDTH + GAP) + 100
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{TOP + HEIGHT + 50}" '
        f'viewBox="0 0 {width} {TOP + HEIGHT + 50}" font-family="sans-serif" font-size="12" fill="#444">',
        f'<rect width="{width}" height="{TOP + HEIGHT + 50}" fill="#fff"/>',
        f'<text x="{LEFT}" y="20" font-size="15" fill="#222">Pass rate of the programs drawn, mean and 95 % '
        "interval over seeds</text>",
    ]
    everything = np.concatenate([run for arms in panels.values() for runs in arms.values() for run in runs])
    low, high = np.floor(everything.min() * 10) / 10, np.ceil(everything.max() * 10) / 10
    longest = max(len(run) for arms in panels.values() for runs in arms.values() for run in runs)
    last = (longest + window - 1) * samples
    for panel, (title, arms) in enumerate(panels.items()):
        left = LEFT + panel * (WIDTH + GAP)

        def x(update: float, left: float = left) -> float:
            return left + WIDTH * (update + window) * samples / last

        def y(rate: float) -> float:
            return TOP + HEIGHT * (1 - (rate - low) / (high - low))

        parts.append(f'<text x="{left}" y="{TOP - 10}">{title}</text>')
        for rate in np.arange(low, high + 0.01, 0.1):
            parts.append(f'<line x1="{left}" x2="{left + WIDTH}" y1="{y(rate):.1f}" y2="{y(rate):.1f}" stroke="#ddd"/>')
            parts.append(f'<text x="{left - 6}" y="{y(rate) + 4:.1f}" text-anchor="end">{rate:.1f}</text>')
        for mark in range(0, last + 1, 1000):
            place = left + WIDTH * mark / last
            parts.append(f'<text x="{place:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{mark:,}</text>')
        parts.append(f'<text x="{left + WIDTH / 2}" y="{TOP + HEIGHT + 38}" text-anchor="middle">programs drawn</text>')
        for color, runs in zip(COLORS, arms.values(), strict=False):
            parts += _band(np.array(runs), color, x, y)
    legend = LEFT + count * (WIDTH + GAP) - 20
    for at, (color, name) in enumerate(zip(COLORS, next(iter(panels.values())), strict=False)):
        top = TOP + 20 + 20 * at
        parts.append(f'<rect x="{legend}" y="{top - 9}" width="10" height="10" fill="{color}"/>')
        parts.append(f'<text x="{legend + 16}" y="{top}">{name}</text>')
    return "\n".join(parts) + "\n</svg>\n"


def _band(runs: np.ndarray, color: str, x: object, y: object) -> list[str]:
    mean = runs.mean(0)
    half = stats.t.ppf(0.975, len(runs) - 1) * stats.sem(runs) if len(runs) > 1 else np.zeros_like(mean)

    def points(values: np.ndarray) -> list[str]:
        return [f"{x(at):.1f},{y(value):.1f}" for at, value in enumerate(values)]

    around = " ".join(points(mean + half) + points(mean - half)[::-1])
    return [
        f'<polygon points="{around}" fill="{color}" opacity="0.12"/>',
        f'<polyline points="{" ".join(points(mean))}" fill="none" stroke="{color}" stroke-width="2"/>',
    ]
