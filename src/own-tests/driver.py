"""Runs a user's own tests on one program, inside the sandbox.

stdin: one JSON object with the files of the project, where the program goes, and the command. stdout: one JSON object
with how the command ended and the end of what it wrote. Nothing of the user's machine is seen but those files.
"""

import base64
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

SHOWN_CHARS = 4000

#: For a file of tests where there is no pytest and no unittest in it: calls every function whose name says test.
CALL_TESTS = """
import runpy, sys
names = runpy.run_path(sys.argv[1], run_name="own_tests")
tests = [name for name in names if name.startswith("test") and callable(names[name])]
for name in tests:
    names[name]()
print(len(tests), "passed")
sys.exit(0 if tests else 5)
"""


def main():
    """Lays the files out, runs the command there, says how it ended."""
    job = json.load(sys.stdin)
    folder = tempfile.mkdtemp()
    for path, content in job["files"]:
        place = os.path.join(folder, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "wb") as file:
            file.write(base64.b64decode(content))
    try:
        command = own_python(test_file_command(job, folder) if "file" in job else shlex.split(job["command"]))
        ended, output = run(command, folder)
    except (OSError, ValueError) as error:  # no such command, a quote that is not closed
        print(json.dumps({"cannot_run": getattr(error, "strerror", None) or str(error)}))
        return
    passed = ended == 0 and (not counts_passes(command) or re.search(r"\b[1-9]\d* passed\b", output) is not None)
    print(json.dumps({"passed": passed, "output": lasting(output, folder)[-SHOWN_CHARS:]}))


def lasting(output, folder):
    """What equal runs say equally: without times and the folder of this run."""
    return re.sub(r"\b(in|Ran \d+ tests? in) \d+\.\d+ ?s\b", r"\1 some time", output.replace(folder, "."))


def test_file_command(job, folder):
    """How one file of tests is run here: pytest, else unittest, else its test functions are called."""
    path = job["file"]
    if importlib.util.find_spec("pytest") is not None:
        return ["pytest", "-q", path]
    with open(os.path.join(folder, path), encoding="utf-8") as file:
        if re.search(r"\bunittest\b", file.read()):
            return ["python", "-m", "unittest", "-q", path]
    return ["python", "-c", CALL_TESTS, path]


def own_python(command):
    """The interpreter that runs this, whatever the command calls it; pytest is a module of it."""
    if command[0] in ("pytest", "py.test"):
        return [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *command[1:]]
    if re.fullmatch(r"python(3(\.\d+)?)?", command[0]):
        return [sys.executable, *command[1:]]
    return command


def counts_passes(command):
    """Whether the command, as own_python gives it, says how many tests passed: a program that ends the process passes none."""
    return CALL_TESTS in command or any(command[at : at + 2] == ["-m", "pytest"] for at in range(len(command)))


def run(command, folder):
    """The exit status and all that was written. Errors: OSError where there is no such command."""
    environment = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return ended.returncode, ended.stdout.decode("utf-8", "replace")


main()
