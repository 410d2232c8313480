"""Verdicts and rewards from `funprm reward`, over its socket; nothing of them is computed here."""

import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from funprm_training.config import InputError
from funprm_training.jsonl import append_jsonl, read_text

Record = Mapping[str, Any]
"""The answer for one program: verdict, share of tests, its lines with their spans, shaped rewards (docs/reward.md)."""

MOST_ITEMS = 1024


class RewardClient:
    """Asks a running `funprm reward`. What a plain request says about a program is remembered by its text.

    `memory`: a file in which it stays remembered, for the same problems and tests only. Several clients may write it.
    """

    def __init__(self, url: str, memory: Path | None = None, timeout_s: float = 3600) -> None:
        self._url, self._memory, self._timeout = url, memory, timeout_s
        rows = _kept(memory) if memory and memory.exists() else []
        self._remembered: dict[tuple[str, str], Record] = {
            (row["problem"], row["program"]): row["record"] for row in rows
        }

    def verdicts(self, programs: Sequence[tuple[str, str]]) -> list[Record]:
        """Records of (problem id, program), with lines as steps. What could not be judged has `passed` None."""
        new = [each for each in dict.fromkeys(programs) if each not in self._remembered]
        items = [{"problem": problem, "program": program} for problem, program in new]
        answers = self._ask(items, {"steps": "line"})
        known = {**self._remembered, **dict(zip(new, answers, strict=True))}
        # What could not be judged is asked again when it comes again.
        judged = [each for each in new if known[each]["passed"] is not None]
        self._remembered |= {each: known[each] for each in judged}
        for problem, program in judged if self._memory else ():
            append_jsonl(self._memory, {"problem": problem, "program": program, "record": known[problem, program]})
        return [known[each] for each in programs]

    def shaped(self, programs: Sequence[tuple[str, str]], line_rewards: Sequence[Sequence[float]]) -> list[Record]:
        """Records with the rewards of PSGPO for R in [-1, 1] of every line."""
        items = [
            {"problem": problem, "program": program, "line_rewards": list(rewards)}
            for (problem, program), rewards in zip(programs, line_rewards, strict=True)
        ]
        return self._ask(items, {"shape": "psgpo"})

    def _ask(self, items: Sequence[Mapping[str, Any]], wish: Mapping[str, Any]) -> list[Record]:
        answers: list[Record] = []
        for start in range(0, len(items), MOST_ITEMS):
            body = json.dumps({"items": items[start : start + MOST_ITEMS], **wish}).encode()
            request = urllib.request.Request(self._url, body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=self._timeout) as response:
                answers += json.load(response)["items"]
        return answers


def _kept(memory: Path) -> Iterator[Mapping[str, Any]]:
    for line in read_text(memory).split("\n"):
        # A kill may have cut a line off, and another line follows it then: both are asked again.
        with suppress(ValueError):
            yield json.loads(line)


@contextmanager
def reward_server(command: Sequence[str], problems: Path, log: Path) -> Iterator[str]:
    """Starts `funprm reward` on a free port and gives its URL; it ends with the block. `command`: how funprm is called.

    Raises InputError where it does not start.
    """
    arguments = ["reward", "--problems", str(problems), "--port", "0"]
    with log.open("a", encoding="utf-8") as errors:
        server = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        url = server.stdout.readline().strip() if server.stdout else ""
        if not url.startswith("http"):
            raise InputError(f"{' '.join(command)} reward did not start; {log} says why")
        yield url
    finally:
        server.terminate()
        server.wait()


def funprm_command() -> list[str]:
    """How funprm is called: the variable FUNPRM_MAIN names a built main.js; without it, `funprm` of the path."""
    main = os.environ.get("FUNPRM_MAIN")
    found = shutil.which("node") if main else shutil.which("funprm")
    if found is None:
        raise InputError("funprm was not found: install it, or name dist/main.js in FUNPRM_MAIN")
    return [found, main] if main else [found]
