"""`python -m funprm_ray grade|rank|collect ...`: a command of funprm on a Ray cluster.

What follows the command goes to funprm as it is. `FILE.parts` beside `--out FILE` holds the shards until the merge.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import ray

from funprm_ray.cluster import Board, run_actors, run_tasks, show
from funprm_ray.command import InputError, found_here, funprm_words
from funprm_ray.unit import DONE_EXITS, OUT, Unit, UnitFailed, UnitRefused, part_folder

COMMANDS = ("grade", "rank", "collect")
SHARDS_A_PLACE = 4
"""Shards for every one that can run at once: problems differ in cost."""
REFUSED = ("--shard", "--shards", "--resume", "--form", "--best")
FAILED_EXIT, REFUSED_EXIT, INTERRUPTED_EXIT = 5, 2, 130


def parse(argv: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """Own options, and what goes to funprm."""
    parser = argparse.ArgumentParser(prog="python -m funprm_ray", description=__doc__, allow_abbrev=False)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("--out", required=True, help="file for the merged output")
    parser.add_argument("--verdicts", help="store of finished work (default: OUT.parts/store)")
    parser.add_argument("--address", help="of a Ray cluster, or auto (default: the environment's, else this machine)")
    parser.add_argument("--shards-in-all", type=int, help=f"default: {SHARDS_A_PLACE} for each that can run at once")
    parser.add_argument("--cpus", type=float, default=1, help="CPUs of a shard; also its --jobs, or --threads of rank")
    parser.add_argument("--actors", type=int, help="of rank: kept processes (default: as many as fit the cluster)")
    parser.add_argument("--retries", type=int, default=8, help="attempts at a shard after the first")
    parser.add_argument("--speed-ratio", help="of funprm merge")
    parser.add_argument("--keep-parts", action="store_true", help="leave OUT.parts there")
    own, rest = parser.parse_known_args(argv)
    for flag in rest:
        if flag.partition("=")[0] in REFUSED:
            raise InputError(f"expected options of one run, got {flag}: funprm_ray divides the work itself")
    return own, rest


def main(argv: Sequence[str]) -> int:
    """The exit code: that of the merged run, or why there is none."""
    try:
        own, rest = parse(argv)
        return run(own, rest)
    except (InputError, UnitRefused) as error:
        print(f"funprm_ray: {error}", file=sys.stderr)
        return REFUSED_EXIT
    except UnitFailed as error:
        print(f"funprm_ray: {error}. Run the same command again: it goes on where it was.", file=sys.stderr)
        return FAILED_EXIT
    except KeyboardInterrupt:
        return INTERRUPTED_EXIT


def run(own: argparse.Namespace, rest: Sequence[str]) -> int:
    """Divides, waits, merges."""
    funprm = found_here(funprm_words())
    if own.address is not None or not ray.is_initialized():
        ray.init(own.address, include_dashboard=False, log_to_driver=False, ignore_reinit_error=True)
    places = max(1, int(ray.cluster_resources().get("CPU", 1) // own.cpus))
    out, work = Path(own.out).resolve(), Path(f"{own.out}.parts").resolve()
    arguments = (own.command, *rest, *defaults(own, rest))
    count = settled(work, arguments, own.shards_in_all or SHARDS_A_PLACE * places)
    store = str(Path(own.verdicts or work / "store").resolve())
    units = [Unit(index, count, funprm_words(), arguments, os.getcwd(), str(work), store) for index in range(count)]
    board = Board(count, show)
    left = [unit for unit in units if not unit.place.exists()]
    if own.command == "rank":
        run_actors(left, board, own.cpus, own.retries, own.actors or places)
    else:
        run_tasks(left, board, own.cpus, own.retries)
    summary = board.summary()
    parts = [str(part_folder(work, index) / OUT) for index in range(count)]
    ratio = ["--speed-ratio", own.speed_ratio] if own.speed_ratio else []
    merged = subprocess.run([*funprm, "merge", *parts, "--out", str(out), *ratio], check=False)
    if merged.returncode in DONE_EXITS and not own.keep_parts:
        shutil.rmtree(work)
    print(json.dumps(summary), file=sys.stderr)
    return merged.returncode


def defaults(own: argparse.Namespace, rest: Sequence[str]) -> list[str]:
    """Options that a shard needs and nobody has given."""
    given = {flag.partition("=")[0] for flag in rest}
    wanted = {"rank": ["--grouped", "--threads"], "grade": ["--jobs"], "collect": ["--jobs"]}[own.command]
    cpus = str(max(1, int(own.cpus)))
    words = [[flag] if flag == "--grouped" else [flag, cpus] for flag in wanted if flag not in given]
    return [*(word for pair in words for word in pair), *([] if "--quiet" in given else ["--quiet"])]


def settled(work: Path, arguments: Sequence[str], count: int) -> int:
    """How many shards there are: as many as an earlier run of the same command began with. Raises InputError."""
    work.mkdir(parents=True, exist_ok=True)
    for left in work.glob("attempt-*"):
        shutil.rmtree(left, ignore_errors=True)
    said, plan = {"arguments": list(arguments), "shards": count}, work / "run.json"
    if not plan.exists():
        plan.write_text(json.dumps(said), "utf-8")
        return count
    earlier = json.loads(plan.read_text("utf-8"))
    if earlier["arguments"] != said["arguments"]:
        raise InputError(f"{work}: expected shards of the same command, got those of {earlier['arguments']}; remove it")
    return earlier["shards"]


if __name__ == "__main__":
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # Of a cluster on this machine: what Ray runs would wait behind everything else.
    os.environ.setdefault("RAY_worker_niceness", "0")
    sys.exit(main(sys.argv[1:]))
