"""The bake-off of small PRMs: linear heads over many kinds of features, chosen on train, looked at once on dev.

    python -m funprm_training.bake_off features minilm        # what a head reads; structure and ngrams need no call
    python -m funprm_training.bake_off choose                 # cross-validation on train: runs/bake-off/cv.jsonl
    python -m funprm_training.bake_off table                  # what `choose` found
    python -m funprm_training.bake_off compare NAME NAME      # how far the first is above the second, paired
    python -m funprm_training.bake_off dev NAME..             # dev rewards of variants: runs/bake-off/NAME/dev.jsonl
    python -m funprm_training.bake_off judge RUN              # a run of train.py on the problems that it left out
    python -m funprm_training.bake_off model NAME --out RUN   # a run that export.py reads

Every command goes on where it was stopped.
"""

import argparse
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from funprm_training import checkpoint
from funprm_training.bake_off_material import DECODER_RUNS, Material, minilm_config
from funprm_training.bake_off_table import read_entries, step_table, table
from funprm_training.config import keep_config, read_config
from funprm_training.data import WITHIN_SAMPLER, fold_of
from funprm_training.dev import trained
from funprm_training.embeddings import progress
from funprm_training.family import build
from funprm_training.linear import Head, Recipe, fit, held_out_logits, order_interval, order_share
from funprm_training.pairs import BAKE_OFF_SUITES
from funprm_training.scoring import score, torch_logits
from funprm_training.step_labels import LABELS

FOLD = 0
"""The fold of problems that runs of train.py leave out to be judged on."""


@dataclass(frozen=True)
class Variant:
    """A head: what it reads (`source/layer/part`, layers counted from 0 among those kept), and its pairs."""

    reads: str
    suites: tuple[str, ...]
    nuisance: bool

    @property
    def name(self) -> str:
        """A folder name."""
        suites = "+".join(suite.removesuffix("-v5").removesuffix("-hard") for suite in self.suites)
        return f"{self.reads.replace('/', '.')}-{suites}-{'nuisance' if self.nuisance else 'balanced'}"


def variants() -> list[Variant]:
    """Everything that is compared by cross-validation on train."""
    suites = (BAKE_OFF_SUITES[:1], BAKE_OFF_SUITES[1:], BAKE_OFF_SUITES)
    sources = {
        "structure": ["structure"],
        "ngrams": ["ngrams"],
        **{source: [f"{source}/2/all", f"{source}/*/code"] for source in ("minilm", "minilm-bare", *DECODER_RUNS)},
    }
    return [
        Variant(reads, chosen, nuisance)
        for source in sources.values()
        for reads in source
        for chosen in suites
        for nuisance in ((False,) if chosen == WITHIN_SAMPLER else (False, True))
    ] + [
        Variant(reads, (*BAKE_OFF_SUITES, f"steps-{kind}"), False)
        for reads in ("structure", "minilm/2/all", "minilm/*/code")
        for kind in LABELS[:3]
    ]


def cross_validate(material: Material, variant: Variant) -> dict[str, object]:
    """The best decay of a variant and its shares of held-out pairs that are ordered rightly, with intervals."""
    rows, found = material.rows(variant.reads, "train"), []
    for decay, logits in held_out_logits(rows, material.programs, variant.suites, variant.nuisance).items():
        shares = {suite: order_share(logits, material.programs, suite) for suite in BAKE_OFF_SUITES}
        found.append((float(np.mean(list(shares.values()))), decay, shares, logits))
    mean, decay, shares, logits = max(found, key=lambda entry: entry[0])
    fold = {suite: order_share(logits, material.programs, suite, FOLD) for suite in BAKE_OFF_SUITES}
    shown = (*BAKE_OFF_SUITES, "steps-truth")
    shares |= {"steps-truth": order_share(logits, material.programs, "steps-truth")}
    intervals = {suite: order_interval(logits, material.programs, suite) for suite in shown}
    by_decay = {str(entry[1]): round(entry[0], 4) for entry in found}
    chosen = {
        "score": mean,
        "decay": decay,
        "shares": shares,
        "intervals": intervals,
        "by decay": by_decay,
        "fold": fold,
    }
    return {"name": variant.name, **asdict(variant), **chosen}


def compare(material: Material, entry: dict, base: dict) -> dict[str, list[float]]:
    """By how much a variant's shares are above another's, each with its 95 % interval, paired by problem."""
    first, second = (
        held_out_logits(material.rows(e["reads"], "train"), material.programs, tuple(e["suites"]), e["nuisance"])[
            e["decay"]
        ]
        for e in (entry, base)
    )
    return {
        suite: [
            order_share(first, material.programs, suite) - order_share(second, material.programs, suite),
            *order_interval(first, material.programs, suite, base=second),
        ]
        for suite in (*BAKE_OFF_SUITES, "steps-truth")
    }


def final_head(material: Material, entry: dict, without_fold: int | None = None) -> Head:
    """The head of a line of cv.jsonl, fitted on all train programs, or on those outside a fold of problems."""
    recipe = Recipe(tuple(entry["suites"]), entry["nuisance"], entry["decay"])
    out = np.array([fold_of(problem) == without_fold for problem in material.programs.problem])
    return fit(material.rows(entry["reads"], "train"), material.programs, recipe, out)


def judge(material: Material, run: Path) -> dict[str, float]:
    """Shares of the pairs of FOLD that a run, trained without it, orders rightly by the reward of whole programs."""
    family, config = trained(run), read_config(run / "config.json")
    requests = material.requests("train", config.statement)
    places = [n for n in range(material.whole) if fold_of(material.programs.problem[n]) == FOLD]
    rewards = score(
        [requests[n] for n in places], family.template, family.encode, torch_logits(family.model), batch_size=8
    )
    last = np.zeros(len(material.programs.candidates))
    last[places] = [steps[-1] for steps in rewards]
    return {suite: order_share(last, material.programs, suite, FOLD) for suite in BAKE_OFF_SUITES}


def write_model(entry: dict, head: Head, out: Path) -> None:
    """A run that export.py reads: a frozen MiniLM with the head. Heads over other features have no model."""
    poolings: dict[str, Literal["all", "code"]] = {"minilm/2/all": "all", "minilm/*/code": "code"}
    if entry["reads"] not in poolings:
        raise ValueError(f"{entry['name']}: a model that can be exported reads one of {', '.join(poolings)}")
    config = replace(minilm_config("minilm"), pooling=poolings[entry["reads"]])
    family = build(config, out, [])
    weight, bias = head.plain()
    with torch.no_grad():
        family.model.head.weight.copy_(weight[None])
        family.model.head.bias.fill_(bias)
    keep_config(out, config)
    checkpoint.save(out / "train.pt", {"model": family.model.state_dict(), "step": 0})


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
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(entry) + "\n")
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
        head = final_head(material, known[name])
        write_dev(material, head.logits(material.rows(known[name]["reads"], "dev")), options.folder / name)


if __name__ == "__main__":
    main()
