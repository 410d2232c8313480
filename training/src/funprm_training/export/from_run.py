"""What `funprm export --run` runs: from a trained run to PRM folders.

    python -m funprm_training.export.from_run --run runs/mine --out my-prm --aggregate mean

Writes the int8 folder to `--out` and the fp32 one to `RUN/fp32`; the fp32 graph is checked against PyTorch. A signed
PRM is written to `RUN/critic` too, in the form that critics of RL trainers load.
"""

import argparse
import sys
from pathlib import Path

import torch

from funprm_training.config import InputError
from funprm_training.export.critic import write_critic
from funprm_training.export.prm_folder import export_fp32_folder, export_int8_folder
from funprm_training.prm.aggregate import AGGREGATES
from funprm_training.prm.pretrained import base_override, merge_adapters
from funprm_training.run_folder import load_trained


def main() -> None:
    """Reads the command line and exports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", help="where the base model of the run lies now, if not where it lay")
    parser.add_argument("--name", default="funprm-prm-small")
    parser.add_argument("--version", default="1")
    parser.add_argument("--aggregate", choices=AGGREGATES, default="mean")
    options = parser.parse_args()
    torch.set_num_threads(1)
    try:
        family = load_trained(options.run, base_override(options.base))
    except InputError as error:
        raise SystemExit(str(error)) from error
    merge_adapters(family.model)
    identity = (options.name, options.version, options.aggregate)
    fp32 = export_fp32_folder(family, options.run / "fp32", *identity)
    int8 = export_int8_folder(family, fp32, options.out, *identity)
    sys.stdout.write(f"{int8}: {int8.stat().st_size / 1e6:.1f} MB\n")
    if family.signed:
        sys.stdout.write(f"{write_critic(family, options.run / 'critic')}: AutoModelForTokenClassification\n")


if __name__ == "__main__":
    main()
