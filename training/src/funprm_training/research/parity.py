"""PyTorch against ONNX on real candidates.

    python -m funprm_training.research.parity --run runs/minilm --int8 ../models/funprm-prm-small

Writes `runs/parity/requests.jsonl` ({statement, steps, rewards} with PyTorch's rewards) and `runs/parity/fp32`
(a PRM folder) for the benchmark on the TypeScript side, and prints the differences measured here.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr

from funprm_training.export.onnx_session import onnx_logits
from funprm_training.jsonl import write_jsonl
from funprm_training.prm.scoring import Request, score, torch_logits
from funprm_training.research.pools import read_pools
from funprm_training.run_folder import load_trained


def sample_requests(data: Path, count: int, seed: int = 0) -> list[Request]:
    """So many distinct programs of livecodebench-v5, train and dev, drawn evenly."""
    programs = {
        Request(pool.statement, candidate.steps)
        for split in ("train", "dev")
        for pool in read_pools(data, split, ("livecodebench-v5",))
        for candidate in pool.candidates
        if candidate.code.strip()
    }
    ordered = sorted(programs, key=lambda request: (request.statement, request.steps))
    places = np.random.default_rng(seed).choice(len(ordered), size=count, replace=False)
    return [ordered[place] for place in places]


def _flat(rewards: Sequence[Sequence[float]]) -> np.ndarray:
    return np.array([reward for program in rewards for reward in program])


def main() -> None:
    """Writes the requests and prints one line a comparison."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--int8", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("runs/parity"))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    family = load_trained(options.run)
    requests = sample_requests(options.data, options.count)
    context = (requests, family.template, family.encode)
    reference = score(*context, torch_logits(family.model), batch_size=8)
    write_jsonl(
        options.out / "requests.jsonl",
        (
            {"statement": request.statement, "steps": request.steps, "rewards": rewards}
            for request, rewards in zip(requests, reference, strict=True)
        ),
    )
    shutil.copytree(options.run / "fp32", options.out / "fp32", dirs_exist_ok=True)
    expected = _flat(reference)
    fp32 = onnx_logits(options.run / "fp32/onnx/model.onnx", options.threads)
    int8 = onnx_logits(options.int8 / "onnx/model_int8.onnx", options.threads)
    exported = _flat(score(*context, fp32, batch_size=8))
    alone, together = (_flat(score(*context, int8, batch_size=size)) for size in (1, 8))
    lines = {
        "step rewards": len(expected),
        "fp32 ONNX against PyTorch, largest difference": float(np.abs(exported - expected).max()),
        "int8 against fp32, Spearman": float(spearmanr(exported, alone).statistic),
        "int8 against fp32, largest difference": float(np.abs(exported - alone).max()),
        "int8 alone against in batches of 8, largest difference": float(np.abs(alone - together).max()),
    }
    (options.out / "parity.json").write_text(json.dumps(lines, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write("".join(f"{name}: {value:.6g}\n" for name, value in lines.items()))


if __name__ == "__main__":
    main()
