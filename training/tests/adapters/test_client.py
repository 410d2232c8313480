"""The client against the server, and against servers that are busy, broken or not there."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from funprm_training.adapters import client as client_module
from funprm_training.adapters.client import Client, RewardError, problem_of

RIGHT = "print(2 * int(input()))\n"


@contextmanager
def answering(*statuses: int) -> Iterator[tuple[str, list[dict]]]:
    """A server that gives these statuses in turn, 200 from then on; and the requests that came."""
    left = list(statuses)
    asked: list[dict] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            asked.append(body)
            self.send_response(left.pop(0) if left else 200)
            self.send_header("retry-after", "0")
            self.end_headers()
            answer = {"items": [{"id": item["id"]} for item in body["items"]]}
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_rewards_come_in_order_and_unscorable_ones_are_none(reward_url: str) -> None:
    items = [
        {"problem": "double", "program": RIGHT},
        {"problem": "untested", "program": RIGHT},
        {"problem": "double", "completion": "print(int(input()) ** 2)"},
        {"problem": {"id": "own", "statement": "x", "tests": [{"input": "", "output": "1"}]}, "program": "print(1)"},
    ]
    answers = Client(reward_url).rewards(items, outcome="share")
    assert [answer["reward"] for answer in answers] == [1, None, 0.5, 1]
    assert "no tests" in answers[1]["unscorable"]["reason"]


def test_a_busy_server_is_asked_again_and_a_refusal_is_not() -> None:
    with answering(429, 503) as (url, asked):
        assert Client(url).rewards([{"id": 1}]) == [{"id": 1}]
        assert len(asked) == 3
    with answering(400) as (url, asked):
        with pytest.raises(RewardError, match="400"):
            Client(url).rewards([{"id": 1}])
        assert len(asked) == 1


def test_patience_ends(reward_url: str) -> None:
    with pytest.raises(RewardError, match="is `funprm reward` running"):
        Client("http://127.0.0.1:9/v1/reward", patience_s=0).rewards([{"problem": "double", "program": RIGHT}])
    with pytest.raises(RewardError, match="401"):
        Client(reward_url, key="another-key").rewards([{"problem": "double", "program": RIGHT}])


def test_many_items_go_in_parts_and_keep_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "ITEMS_AT_ONCE", 2)
    with answering() as (url, asked):
        answers = Client(url).rewards([{"id": at} for at in range(5)], prm=True)
    assert [answer["id"] for answer in answers] == list(range(5))
    assert [(len(body["items"]), body["prm"]) for body in asked] == [(2, True), (2, True), (1, True)]


def test_a_problem_is_an_id_or_json() -> None:
    assert problem_of("lcb/1") == "lcb/1"
    assert problem_of(' {"id": "p"}') == {"id": "p"}
