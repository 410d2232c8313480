"""The bake-off of small PRMs: linear heads over many kinds of features, chosen on train, looked at once on dev.

    python -m funprm_training.bake_off features minilm        # what a head reads; structure and ngrams need no call
    python -m funprm_training.bake_off choose                 # cross-validation on train: runs/bake-off/cv.jsonl
    python -m funprm_training.bake_off dev NAME..             # dev rewards of variants: runs/bake-off/NAME/dev.jsonl

Every command goes on where it was stopped.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from funprm_training.config import TrainConfig
from funprm_training.data import WITHIN_SAMPLER, ProblemPool
from funprm_training.dev import SAMPLERS, dev_pools, trained
from funprm_training.embeddings import embed, progress
from funprm_training.family import Family, build
from funprm_training.linear import Head, Recipe, fit, held_out_logits, order_interval, order_share
from funprm_training.pairs import BAKE_OFF_SUITES, TrainPrograms, bake_off_pools, train_programs
from funprm_training.scoring import Request
from funprm_training.structure import matrix

COUNTED = ("structure", "ngrams")


@dataclass(frozen=True)
class Variant:
    """A head: what it reads (`source/layer/part`, layers counted from 0 among those kept), and its pairs."""

    reads: str
    suites: tuple[str, ...]
    nuisance: bool

    @property
    def name(self) -> str:
        """A folder name."""
        suites = "+".join(suite.split("-", maxsplit=1)[0] for suite in self.suites)
        return f"{self.reads.replace('/', '.')}-{suites}-{'nuisance' if self.nuisance else 'balanced'}"


def variants() -> list[Variant]:
    """Everything that is compared by cross-validation on train."""
    suites = (BAKE_OFF_SUITES[:1], BAKE_OFF_SUITES[1:], BAKE_OFF_SUITES)
    sources = {
        "structure": ["structure"],
        "ngrams": ["ngrams"],
        **{source: [f"{source}/2/all", f"{source}/*/code"] for source in ("minilm", "minilm-bare", "decoder")},
    }
    return [
        Variant(reads, chosen, nuisance)
        for source in sources.values()
        for reads in source
        for chosen in suites
        for nuisance in ((False,) if chosen == WITHIN_SAMPLER else (False, True))
    ]


class Material:
    """Train programs, dev prefixes and the features of both, in `folder`."""

    def __init__(self, data: Path, folder: Path) -> None:
        self.folder = folder
        self.programs: TrainPrograms = train_programs(bake_off_pools(data))
        self.dev = dev_prefixes(dev_pools(data))
        self.rows = lru_cache(maxsize=2)(self._rows)

    def requests(self, part: str, statement: bool) -> list[Request]:
        """The prefixes of `train` (whole programs) or `dev` (every prefix)."""
        if part == "dev":
            found = [request for _, _, request in self.dev]
        else:
            pairs = zip(self.programs.statements, self.programs.candidates, strict=True)
            found = [Request(text, candidate.steps) for text, candidate in pairs]
        return found if statement else [Request("", request.steps) for request in found]

    def embed(self, source: str) -> None:
        """Computes what a source's transformer makes of both parts."""
        family, statement = backbone(source)
        for part in ("dev", "train"):
            embed(family, self.requests(part, statement), self.folder / source / part, progress)

    def has(self, reads: str) -> bool:
        """Whether the features are there."""
        source = reads.split("/", maxsplit=1)[0]
        count = -(-len(self.programs.candidates) // 200)
        return source in COUNTED or (self.folder / source / f"train/{count - 1:04}.npy").exists()

    def _rows(self, reads: str, part: str) -> np.ndarray:
        """Features `[prefixes, width]`."""
        if reads in COUNTED:
            return matrix(["".join(request.steps) for request in self.requests(part, False)], reads)
        source, layer, pooled = reads.split("/")
        shards = [np.load(path) for path in sorted((self.folder / source / part).glob("[0-9]*[0-9].npy"))]
        rows = np.concatenate(shards)[:, :, ("all", "code").index(pooled)].astype(np.float32)
        return rows.reshape(len(rows), -1) if layer == "*" else rows[:, int(layer)]


def backbone(source: str) -> tuple[Family, bool]:
    """A source's transformer, and whether it reads the statement."""
    if source.startswith("minilm"):
        config = TrainConfig(family="minilm", steps=0, context_length=384, statement=source == "minilm")
        family = build(config, Path(), [])
    else:
        family = trained(Path("runs") / source)
    family.model.eval()
    return family, source == "minilm"


def dev_prefixes(pools: Sequence[ProblemPool]) -> list[tuple[tuple[str, str], int, Request]]:
    """Every prefix of every distinct program of the mixed groups: problem and code, step, request."""
    chosen: dict[tuple[str, str], Request] = {}
    for pool in pools:
        for sampler in SAMPLERS.values():
            group = [candidate for candidate in pool.candidates if candidate.sampler == sampler]
            if len({candidate.passed for candidate in group}) == 2:
                chosen.update({(pool.id, c.code): Request(pool.statement, c.steps) for c in group})
    return [
        (key, step, Request(chosen[key].statement, chosen[key].steps[: step + 1]))
        for key in sorted(chosen)
        for step in range(len(chosen[key].steps))
    ]


def cross_validate(material: Material, variant: Variant) -> dict[str, object]:
    """The best decay of a variant and its shares of held-out pairs that are ordered rightly, with intervals."""
    rows, found = material.rows(variant.reads, "train"), []
    for decay, logits in held_out_logits(rows, material.programs, variant.suites, variant.nuisance).items():
        shares = {suite: order_share(logits, material.programs, suite) for suite in BAKE_OFF_SUITES}
        found.append((float(np.mean(list(shares.values()))), decay, shares, logits))
    score, decay, shares, logits = max(found, key=lambda entry: entry[0])
    intervals = {suite: order_interval(logits, material.programs, suite) for suite in BAKE_OFF_SUITES}
    by_decay = {str(entry[1]): round(entry[0], 4) for entry in found}
    chosen = {"score": score, "decay": decay, "shares": shares, "intervals": intervals, "by decay": by_decay}
    return {"name": variant.name, **asdict(variant), **chosen}


def final_head(material: Material, entry: dict) -> Head:
    """The head of a line of cv.jsonl, fitted on all train programs."""
    recipe = Recipe(tuple(entry["suites"]), entry["nuisance"], entry["decay"])
    return fit(material.rows(entry["reads"], "train"), material.programs, recipe)


def write_dev(material: Material, logits: np.ndarray, out: Path) -> None:
    """Step rewards of the dev programs as `dev table` reads them; `logits` `[prefixes]`."""
    rewards: dict[tuple[str, str], list[float]] = {}
    for (key, _, _), logit in zip(material.dev, logits, strict=True):
        rewards.setdefault(key, []).append(float(1 / (1 + np.exp(-logit))))
    out.mkdir(parents=True, exist_ok=True)
    with (out / "dev.jsonl").open("w", encoding="utf-8") as file:
        for (problem, code), values in rewards.items():
            file.write(json.dumps({"problem": problem, "code": code, "rewards": values}) + "\n")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--folder", type=Path, default=Path("runs/bake-off"))
    parser.add_argument("--threads", type=int, default=1)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("features").add_argument("source")
    commands.add_parser("choose")
    commands.add_parser("dev").add_argument("names", nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    material = Material(options.data, options.folder)
    if options.command == "features":
        material.embed(options.source)
        return
    path = options.folder / "cv.jsonl"
    known = {e["name"]: e for e in map(json.loads, path.read_text().splitlines())} if path.exists() else {}
    if options.command == "choose":
        for variant in variants():
            if variant.name not in known and material.has(variant.reads):
                entry = cross_validate(material, variant)
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry) + "\n")
                progress(f"{variant.name} {entry['score']:.3f} {entry['shares']}")
        return
    for name in options.names:
        head = final_head(material, known[name])
        write_dev(material, head.logits(material.rows(known[name]["reads"], "dev")), options.folder / name)


if __name__ == "__main__":
    main()
