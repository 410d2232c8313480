"""What the bake-off works on: train programs, labelled prefixes, dev prefixes, and the features of all of them."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from funprm_training import checkpoint
from funprm_training.config import TrainConfig, read_config
from funprm_training.prm.family import Family, build
from funprm_training.prm.scoring import Request
from funprm_training.research.bake_off.embeddings import SHARD, embed, progress
from funprm_training.research.bake_off.pairs import bake_off_pools, train_programs
from funprm_training.research.bake_off.step_labels import read_classes, read_prefixes, with_prefixes
from funprm_training.research.bake_off.structure import matrix
from funprm_training.research.dev_rewards import dev_pools, dev_requests
from funprm_training.research.pools import ProblemPool

COUNTED = ("structure", "ngrams")
"""Sources that need no transformer."""
DECODER_RUNS = {
    "decoder": Path("runs/bake-decoder"),
    "decoder-long": Path("runs/bake-decoder-long"),
    "decoder-long-bare": Path("runs/bake-decoder-long"),
}
WITH_STATEMENT = ("minilm", "decoder-long")


class Material:
    """Train programs, dev prefixes and the features of both, in `folder`."""

    def __init__(self, data: Path, folder: Path, steps: Path) -> None:
        self.folder = folder
        self.programs = train_programs(bake_off_pools(data))
        self.whole = len(self.programs.candidates)
        statements, truths = read_classes(steps / "programs.jsonl")
        self.programs = with_prefixes(self.programs, read_prefixes(steps / "rewards-16.jsonl", truths), statements)
        self.dev = dev_prefixes(dev_pools(data))
        self.rows = lru_cache(maxsize=2)(self._rows)

    def requests(self, part: str, statement: bool) -> list[Request]:
        """The prefixes of `train` (whole programs), `steps` (labelled ones) or `dev` (every one)."""
        if part == "dev":
            found = [request for _, _, request in self.dev]
        else:
            pairs = list(zip(self.programs.statements, self.programs.candidates, strict=True))
            chosen = pairs[: self.whole] if part == "train" else pairs[self.whole :]
            found = [Request(text, candidate.steps) for text, candidate in chosen]
        return found if statement else [Request("", request.steps) for request in found]

    def embed(self, source: str) -> None:
        """Computes what a source's transformer makes of both parts."""
        family, statement = backbone(source)
        for part in ("dev", "train", "steps"):
            embed(family, self.requests(part, statement), self.folder / source / part, progress)

    def has(self, reads: str) -> bool:
        """Whether the features are there."""
        source = reads.split("/", maxsplit=1)[0]
        count = -(-(len(self.programs.candidates) - self.whole) // SHARD)
        return source in COUNTED or (self.folder / source / f"steps/{count - 1:04}.npy").exists()

    def _rows(self, reads: str, part: str) -> np.ndarray:
        """Features `[prefixes, width]` of `dev`, or of all train programs and labelled prefixes."""
        if part == "train":
            return np.concatenate([self._part(reads, "train"), self._part(reads, "steps")])
        return self._part(reads, part)

    def _part(self, reads: str, part: str) -> np.ndarray:
        if reads in COUNTED:
            return matrix(["".join(request.steps) for request in self.requests(part, False)], reads)
        source, layer, pooled = reads.split("/")
        shards = [np.load(path) for path in sorted((self.folder / source / part).glob("[0-9]*[0-9].npy"))]
        rows = np.concatenate(shards)[:, :, ("all", "code").index(pooled)].astype(np.float32)
        return rows.reshape(len(rows), -1) if layer == "*" else rows[:, int(layer)]


def backbone(source: str) -> tuple[Family, bool]:
    """A source's transformer, and whether it reads the statement."""
    if source.startswith("minilm"):
        family = build(minilm_config(source), Path())
    else:
        run = DECODER_RUNS[source]
        family = build(read_config(run / "config.json"), run)
        state = checkpoint.load(run / "pretrain.pt")
        if state is None:
            raise FileNotFoundError(f"{run}/pretrain.pt: expected a language model; train the run first")
        family.model.backbone.load_state_dict(state["backbone"])
    family.model.eval()
    return family, source in WITH_STATEMENT


def minilm_config(source: str) -> TrainConfig:
    """The run that a frozen MiniLM counts as."""
    return TrainConfig(family="minilm", steps=0, context_length=384, statement=source in WITH_STATEMENT)


def dev_prefixes(pools: Sequence[ProblemPool]) -> list[tuple[tuple[str, str], int, Request]]:
    """Every prefix of `dev_requests`: problem and code, step, request."""
    return [
        (key, step, Request(request.statement, request.steps[: step + 1]))
        for key, request in dev_requests(pools).items()
        for step in range(len(request.steps))
    ]
