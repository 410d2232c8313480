"""Does reward correction work? ClassEval, where every method has a true label, and a synthetic control.

    python -m funprm_training.research.correction --data runs/correction --out runs/correction/results.jsonl

Seeds change the split of classes into lower level, meta and validation part, and the heads. Dev classes are looked at
only to report. Starting it again goes on after the last setting that is done.
"""

import argparse
import sys
from pathlib import Path

import torch

from funprm_training.jsonl import append_jsonl
from funprm_training.research.correction.class_programs import read_programs
from funprm_training.research.correction.experiment import VARIANTS, Setting, experiment
from funprm_training.research.correction.results import data_digest, finished
from funprm_training.research.correction.synthetic import NOISES

SOURCES = ("teacher", "classeval")
"""What the synthetic control takes its clean rewards from."""


def main() -> None:
    """Reads the command line and runs what the results do not hold yet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("runs/correction"))
    parser.add_argument("--out", type=Path, default=Path("runs/correction/results.jsonl"))
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--budgets", type=int, nargs="*", default=[1, 4, 16])
    options = parser.parse_args()
    torch.set_num_threads(1)
    seeds = range(options.seeds)
    settings: list[Setting] = [("rollouts", budget, seed) for seed in seeds for budget in options.budgets]
    settings += [(source, noise, seed) for seed in seeds for source in SOURCES for noise in NOISES]
    digest = data_digest(options.data, options.budgets)
    done = finished(options.out, digest)
    left = [setting for setting in settings if setting not in done]
    for setting, rows in experiment(options.data, left, VARIANTS, read_programs(options.data)):
        append_jsonl(options.out, {"setting": setting, "data": digest, "rows": rows})
        sys.stdout.write(f"{setting}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
