"""Writes the hidden tests of the examples, or checks that they are still the ones this script makes.

    python3 examples/generate_tests.py [--check] [NAME ...]

The inputs come from hidden_inputs.py. An expected output is what all candidates that are recorded as passing agree on;
the script stops if they do not, or if fewer than two exist.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

from hidden_inputs import GENERATORS, Case

HERE = Path(__file__).parent
TIME_LIMIT_S = 10

Answer = Any  # the text of stdout, or the returned value


def answer(code: str, entry_point: str | None, case: Case) -> Answer:
    """What the program gives on the input: its stdout, or the returned value after a way through JSON."""
    if entry_point is None:
        program, stdin = code, case
    else:
        call = f"print(json.dumps({entry_point}(*json.loads(sys.stdin.read()))))"
        program, stdin = f"{code}\nimport json, sys\n{call}\n", json.dumps(case)
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_S,
        check=True,
    )
    return done.stdout if entry_point is None else json.loads(done.stdout)


def make_test(problem: dict[str, Any], case: Case, programs: list[str]) -> dict[str, Any]:
    """The test for an input, its expected output agreed on by all the programs."""
    entry_point = problem.get("entry_point")
    answers = [answer(program, entry_point, case) for program in programs]
    if len(answers) < 2 or any(other != answers[0] for other in answers):
        sys.exit(f"{problem['id']}: the passing candidates disagree on {str(case)[:200]!r}")
    if entry_point is None:
        return {"input": case, "output": answers[0]}
    return {"args": case, "expected": answers[0]}


def inputs_of(tests: list[dict[str, Any]]) -> list[Case]:
    """The inputs of recorded tests."""
    return [test["input"] if "input" in test else test["args"] for test in tests]


def write_problem(path: Path, problem: dict[str, Any]) -> None:
    """JSON with one line a field and one line a test, so that long inputs stay on their lines."""
    fields = []
    for key, value in problem.items():
        if key in ("examples", "tests"):
            rows = ",\n".join(f"    {json.dumps(row, ensure_ascii=False)}" for row in value)
            fields.append(f"  {json.dumps(key)}: [\n{rows}\n  ]")
        else:
            fields.append(f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    path.write_text("{\n" + ",\n".join(fields) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Make or check the tests of the named examples, by default of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare the inputs, write nothing")
    parser.add_argument("names", nargs="*", default=list(GENERATORS), metavar="NAME")
    options = parser.parse_args()
    for name in options.names:
        path = HERE / name / "problem.json"
        problem = json.loads(path.read_text(encoding="utf-8"))
        cases = GENERATORS[name](Random(name))
        if options.check:
            if inputs_of(problem["tests"]) != json.loads(json.dumps(cases)):
                sys.exit(f"{name}: the hidden tests are not those of this script; run it without --check")
            continue
        rows = (HERE / name / "candidates.jsonl").read_text(encoding="utf-8").splitlines()
        programs = [row["code"] for row in map(json.loads, rows) if row["passed"]]
        problem["tests"] = [make_test(problem, case, programs) for case in cases]
        write_problem(path, problem)
        print(f"{name}: {len(cases)} tests, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
