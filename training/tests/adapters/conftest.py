"""A `funprm reward` that runs, with problems whose verdicts are plain."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
MAIN = ROOT / "dist" / "main.js"
DOUBLE = {
    "id": "double",
    "statement": "Print twice the number.",
    "tests": [{"input": str(n), "output": str(2 * n)} for n in (1, 2, -3, 0)],
}
ADD = {
    "id": "add",
    "statement": "Complete add(a, b).",
    "starter_code": "def add(a, b):\n",
    "entry_point": "add",
    "tests": [{"args": [1, 2], "expected": 3}, {"args": [2, 2], "expected": 4}],
}
UNTESTED = {"id": "untested", "statement": "Nobody knows."}


@pytest.fixture(scope="session")
def reward_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server without a PRM, whose key is in the environment of the tests."""
    assert MAIN.exists(), "dist/main.js is missing: run `npm run build` first"
    node = shutil.which("node")
    assert node is not None, "node is not on the path"
    folder = tmp_path_factory.mktemp("reward")
    problems = folder / "problems.jsonl"
    problems.write_text("".join(f"{json.dumps(problem)}\n" for problem in (DOUBLE, ADD, UNTESTED)))
    command = [node, str(MAIN), "reward", "--problems", str(problems), "--port", "0", "--jobs", "2"]
    command += ["--client-key-env", "TEST_REWARD_KEY", "--quiet"]
    environment = {**os.environ, "TEST_REWARD_KEY": "a-key-for-tests"}
    server = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        url = server.stdout.readline().strip()
        assert url.startswith("http://"), "the server did not say where it listens"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FUNPRM_REWARD_URL", url)
            patch.setenv("FUNPRM_REWARD_KEY", "a-key-for-tests")
            yield url
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()
