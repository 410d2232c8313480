"""A tiny policy and PRM, problems of the small language, and a running `funprm reward` that knows them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_policy import write_policy, write_prm

from funprm_training.jsonl import write_jsonl
from funprm_training.psgpo.funprm_rewards import funprm_command, reward_server
from funprm_training.research.psgpo.programs import draw_problems

MAIN = Path(__file__).resolve().parents[3] / "dist" / "main.js"


@pytest.fixture(scope="session")
def policy(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_policy(tmp_path_factory.mktemp("policy"))


@pytest.fixture(scope="session")
def prm(policy: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_prm(policy, tmp_path_factory.mktemp("prm"))


@pytest.fixture(scope="session")
def problems(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("problems") / "problems.jsonl"
    write_jsonl(file, draw_problems(5, 6, "p"))
    return file


@pytest.fixture(scope="session")
def url(problems: Path) -> Iterator[str]:
    assert MAIN.exists(), "dist/main.js is missing: run `npm run build` first"
    os.environ.setdefault("FUNPRM_MAIN", str(MAIN))
    with reward_server(funprm_command(), problems, problems.parent / "funprm.log") as address:
        yield address
