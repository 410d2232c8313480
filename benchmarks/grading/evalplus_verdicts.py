"""Verdicts and time of the `evalplus` package on a file of samples, for benchmarks/grading/evalplus.mjs.

Usage: HUMANEVAL_OVERRIDE_PATH=HumanEvalPlus.jsonl python evalplus_verdicts.py SAMPLES.jsonl OUT.json WORKERS
SAMPLES holds {task_id, solution} lines. Uses the package's own functions as its `evaluate` does; the time is that of the pool.
"""

import json
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from evalplus.data import get_human_eval_plus
from evalplus.data.utils import CACHE_DIR
from evalplus.evaluate import check_correctness, get_groundtruth

MIN_TIME_LIMIT_S = 4.0


def main() -> None:
    """Grades all samples with base and plus tests, stopping at the first failure of each."""
    samples_path, out_path, workers = sys.argv[1:]
    with open(samples_path) as file:
        samples = [json.loads(line) for line in file]
    problems = get_human_eval_plus()
    os.makedirs(CACHE_DIR, exist_ok=True)
    expected = get_groundtruth(problems, "funprm-benchmark", [])
    started = time.monotonic()
    with ProcessPoolExecutor(max_workers=int(workers)) as pool:
        futures = []
        for index, sample in enumerate(samples):
            task = sample["task_id"]
            arguments = ("humaneval", index, problems[task], sample["solution"], expected[task], False, True, index)
            futures.append(pool.submit(check_correctness, *arguments, MIN_TIME_LIMIT_S))
        results = [future.result() for future in futures]
    seconds = time.monotonic() - started
    verdicts = [{"base": result["base"][0], "plus": result["plus"][0]} for result in results]
    with open(out_path, "w") as file:
        json.dump({"seconds": seconds, "verdicts": verdicts}, file)


if __name__ == "__main__":
    main()
