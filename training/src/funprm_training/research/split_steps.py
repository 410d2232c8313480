"""Programs cut into function steps by `funprm split`, so that training reads the steps that the ranker scores."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from funprm_training.jsonl import read_jsonl, write_jsonl

FUNPRM = Path(__file__).parents[4] / "dist/main.js"
"""The built command line of this checkout."""


def split_steps(codes: Sequence[str]) -> list[tuple[str, ...]]:
    """The texts of the steps of each program; joined, they are the program. An empty program has no step."""
    if not FUNPRM.exists():
        raise FileNotFoundError(f"{FUNPRM}: expected the built command line, got none; run `npm run build` first")
    with TemporaryDirectory() as name:
        candidates, steps = Path(name, "candidates.jsonl"), Path(name, "steps.jsonl")
        write_jsonl(
            candidates,
            ({"problem_id": "program", "sample_index": place, "code": code} for place, code in enumerate(codes)),
        )
        subprocess.run(["node", FUNPRM, "split", "--jsonl", candidates, "--out", steps, "--quiet"], check=True)
        # Offsets count code points, as those of a str do.
        return [
            tuple(code[step["start"] : step["end"]] for step in row["steps"])
            for code, row in zip(codes, read_jsonl(steps), strict=True)
        ]
