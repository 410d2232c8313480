"""funprm_ray on a cluster of several nodes on this machine: the bytes of one run, whatever ends in the middle."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ray.cluster_utils import Cluster

ROOT = Path(__file__).resolve().parents[3]
MAIN = ROOT / "dist" / "main.js"
FACTORS = range(2, 14)
DEADLINE_S = 600

# Nothing of a run leaves this machine; what it runs does not stand behind everything else.
os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Problems and candidates; one of each problem waits, so that no shard is done at once."""
    place = tmp_path_factory.mktemp("ray")
    problems, candidates = [], []
    for k in FACTORS:
        tests = [{"input": str(n), "output": str(n * k)} for n in (1, 21)]
        problems.append({"id": f"times-{k}", "statement": f"Print n times {k}.", "tests": tests})
        codes = (
            f"print(int(input()) * {k})",
            f"import time\ntime.sleep(1)\nprint({k})",
            "raise KeyError(1)",
            "def twice(n):\n    return n + n\n\n\nprint(twice(int(input())))",
        )
        candidates += [{"problem_id": f"times-{k}", "sample_index": i, "code": code} for i, code in enumerate(codes)]
    for name, rows in (("problems.jsonl", problems), ("pool.jsonl", candidates)):
        (place / name).write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return place


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Three nodes of one CPU each."""
    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    for _ in range(2):
        nodes.add_node(num_cpus=1)
    nodes.wait_for_nodes()
    try:
        yield nodes
    finally:
        nodes.shutdown()


COMMANDS = {
    "grade": ("grade", "pool.jsonl", "--problems", "problems.jsonl", "--steady"),
    "rank": ("rank", "pool.jsonl", "--problems", "problems.jsonl", "--grouped"),
    "collect": ("collect", "problems.jsonl", "--policy", "pool", "--candidates", "pool.jsonl", "-k", "2"),
}


def alone(command: str, folder: Path) -> bytes:
    """The output of one process; without a store that anybody else has."""
    out = folder / f"{command}-alone.jsonl"
    if not out.exists():
        node = shutil.which("node")
        assert node is not None
        arguments = [*COMMANDS[command], "--verdicts", f"store-{command}-alone", "--out", str(out), "--quiet"]
        subprocess.run([node, str(MAIN), *arguments], cwd=folder, check=True)
    return out.read_bytes()


def start(command: str, folder: Path, cluster: Cluster, out: str, *options: str) -> "subprocess.Popen[str]":
    """The command on the cluster."""
    own = ("--out", out, "--address", cluster.address, "--shards-in-all", "6", "--keep-parts", *options)
    words = [sys.executable, "-m", "funprm_ray", *COMMANDS[command], *own]
    # The nodes do not know of it.
    environment = {**os.environ, "FUNPRM_MAIN": str(MAIN)}
    return subprocess.Popen(words, cwd=folder, stderr=subprocess.PIPE, text=True, env=environment)


def ended(process: "subprocess.Popen[str]") -> dict[str, object]:
    """What a run that went well says at its end."""
    said = process.communicate(timeout=DEADLINE_S)[1]
    assert process.returncode == 0, said
    # Ray's own words may come later than the last of the command.
    return json.loads([line for line in said.splitlines() if line.startswith("{")][-1])


def until(condition: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    """Waits for something that happens while a process runs."""
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline
        time.sleep(0.05)


def attempts(folder: Path, out: str) -> list[Path]:
    """Attempts that are at work."""
    return [each for each in (folder / f"{out}.parts").glob("attempt-*") if (each / "log.txt").exists()]


def kept_once(folder: Path, store: Path) -> bool:
    """Whether the store has every different program once, and nothing contradicts."""
    node = shutil.which("node")
    assert node is not None
    said = subprocess.run(
        [node, str(MAIN), "store", str(store)], capture_output=True, text=True, check=True, cwd=folder
    )
    found = json.loads(said.stdout)
    return found["entries"] == 4 * len(FACTORS) and found["conflicts"] == []


@pytest.mark.parametrize("command", ["rank", "collect"])
def test_a_command_on_three_nodes_writes_the_bytes_of_one_process(command: str, folder: Path, cluster: Cluster) -> None:
    summary = ended(start(command, folder, cluster, f"{command}.jsonl"))
    assert (folder / f"{command}.jsonl").read_bytes() == alone(command, folder)
    assert (summary["shards"], summary["attempts"], summary["lost"]) == (6, 6, 0)
    assert summary["lines"] == len(alone(command, folder).splitlines())


def test_what_funprm_refuses_is_not_tried_again(folder: Path, cluster: Cluster) -> None:
    process = start("grade", folder, cluster, "refused.jsonl", "--timeout", "never")
    said = process.communicate(timeout=DEADLINE_S)[1]
    assert process.returncode == 2
    assert "--timeout" in said


@pytest.mark.parametrize("command", ["grade", "rank"])
def test_processes_that_are_killed_are_replaced(command: str, folder: Path, cluster: Cluster) -> None:
    out = f"killed-{command}.jsonl"
    process = start(command, folder, cluster, out)
    until(lambda: any([kill(worker) for worker in workers_at(command, folder / f"{out}.parts")]), process)
    summary = ended(process)
    assert (folder / out).read_bytes() == alone(command, folder)
    assert int(str(summary["failed"])) >= 1
    if command == "grade":
        assert kept_once(folder, folder / f"{out}.parts" / "store")


def kill(process: int) -> bool:
    """False for one that has ended meanwhile."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def workers_at(command: str, parts: Path) -> list[int]:
    """Processes of funprm that work for a run."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if words[1:3] == [str(MAIN).encode(), command.encode()] and any(str(parts).encode() in word for word in words):
            found.append(int(place.name))
    return found


def test_a_node_that_is_lost_in_the_middle_changes_nothing(folder: Path, cluster: Cluster) -> None:
    lost = cluster.add_node(num_cpus=1)
    cluster.wait_for_nodes()
    process = start("grade", folder, cluster, "lost.jsonl")
    until(lambda: len(attempts(folder, "lost.jsonl")) >= 2, process)
    cluster.remove_node(lost, allow_graceful=False)
    summary = ended(process)
    assert (folder / "lost.jsonl").read_bytes() == alone("grade", folder)
    # Whether its one place was at work, and whether that is known before the end, is a matter of moments.
    assert summary["lost"] in (0, 1)
    assert kept_once(folder, folder / "lost.jsonl.parts" / "store")
