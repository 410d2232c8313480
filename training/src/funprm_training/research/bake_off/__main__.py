"""Linear heads over many kinds of features, chosen on train, looked at once on dev.

    bake_off=".venv/bin/python -m funprm_training.research.bake_off"
    $bake_off features minilm        # what a head reads; structure and ngrams need no call
    $bake_off choose                 # cross-validation on train: runs/bake-off/cv.jsonl
    $bake_off table                  # what `choose` found
    $bake_off compare NAME NAME      # how far the first is above the second, paired
    $bake_off dev NAME..             # dev rewards of variants: runs/bake-off/NAME/dev.jsonl
    $bake_off judge RUN              # a run of train_pairs.py on the problems that it left out
    $bake_off model NAME --out RUN   # a run that export/from_run.py reads

Every command goes on where it was stopped.
"""

import argparse
import json
from pathlib import Path

import torch

from funprm_training.jsonl import append_jsonl
from funprm_training.research.bake_off.chosen import dev_rewards, final_head, judge, write_model
from funprm_training.research.bake_off.embeddings import progress
from funprm_training.research.bake_off.material import Material
from funprm_training.research.bake_off.pairs import BAKE_OFF_SUITES
from funprm_training.research.bake_off.table import read_entries, step_table, table
from funprm_training.research.bake_off.variants import compare, cross_validate, variants
from funprm_training.research.dev_rewards import write_rewards


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../../shared/data"))
    parser.add_argument("--folder", type=Path, default=Path("runs/bake-off"))
    parser.add_argument("--steps", type=Path, default=Path("runs/correction"), help="rewards of ClassEval prefixes")
    parser.add_argument("--threads", type=int, default=1)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("features").add_argument("source")
    commands.add_parser("choose")
    commands.add_parser("dev").add_argument("names", nargs="+")
    commands.add_parser("table")
    commands.add_parser("compare").add_argument("names", nargs=2)
    commands.add_parser("judge").add_argument("run", type=Path)
    commands.add_parser("model").add_argument("name")
    commands.choices["model"].add_argument("--out", type=Path, required=True)
    commands.choices["model"].add_argument("--without-fold", type=int)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    material = Material(options.data, options.folder, options.steps)
    if options.command == "features":
        material.embed(options.source)
        return
    path = options.folder / "cv.jsonl"
    known = read_entries(path)
    if options.command == "choose":
        for variant in variants():
            if variant.name not in known and material.has(variant.reads):
                entry = cross_validate(material, variant)
                append_jsonl(path, entry)
                progress(f"{variant.name} {entry['score']:.3f} {entry['shares']}")
        return
    if options.command == "judge":
        progress(json.dumps(judge(material, options.run)))
        return
    if options.command == "compare":
        progress(json.dumps(compare(material, *(known[name] for name in options.names))))
        return
    if options.command == "table":
        steps = [e for e in known.values() if e["suites"][:2] == list(BAKE_OFF_SUITES) and not e["nuisance"]]
        progress(table([e for e in known.values() if len(e["suites"]) < 3]) + "\n\n" + step_table(steps))
        return
    if options.command == "model":
        entry = known[options.name]
        write_model(entry, final_head(material, entry, options.without_fold), options.out)
        return
    for name in options.names:
        logits = final_head(material, known[name]).logits(material.rows(known[name]["reads"], "dev"))
        write_rewards(options.folder / name, dev_rewards(material, logits))


if __name__ == "__main__":
    main()
