"""A client of `funprm reward`. It waits and asks again while the server has too much to do or is not there yet."""

import http.client
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence

DEFAULT_URL = "http://127.0.0.1:8791/v1/reward"
ITEMS_AT_ONCE = 512
"""Programs of one request."""
BUSY = (429, 503)
"""Statuses that pass: too much to do, or stopping."""
LONGEST_PAUSE_S = 30.0

Item = Mapping[str, object]
Answer = dict[str, object]


class RewardError(RuntimeError):
    """The server refused a request, or could not be reached for as long as was allowed."""


class UnscorableError(RuntimeError):
    """A program could not be judged, and the trainer has no place for that."""


class Client:
    """Asks one server; the address and the key come from FUNPRM_REWARD_URL and FUNPRM_REWARD_KEY where not given.

    `patience_s`: how long to ask again while the server is busy or away; `timeout_s`: how long one answer may take.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        patience_s: float = 600.0,
        timeout_s: float = 3600.0,
    ) -> None:
        self.url = url or os.environ.get("FUNPRM_REWARD_URL", DEFAULT_URL)
        self.key = key or os.environ.get("FUNPRM_REWARD_KEY")
        self.patience_s = patience_s
        self.timeout_s = timeout_s
        # A server of one's own is not behind a proxy.
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def rewards(self, items: Sequence[Item], **wish: object) -> list[Answer]:
        """The answers for items, in order; `wish` is what else a request holds: steps, prm, shape, outcome."""
        answers: list[Answer] = []
        for start in range(0, len(items), ITEMS_AT_ONCE):
            body = {"items": list(items[start : start + ITEMS_AT_ONCE]), **wish}
            answers.extend(self._post(json.dumps(body).encode())["items"])
        return answers

    def _post(self, body: bytes) -> dict[str, list[Answer]]:
        headers = {"content-type": "application/json"}
        if self.key:
            headers["authorization"] = f"Bearer {self.key}"
        end = time.monotonic() + self.patience_s
        pause = 0.5
        while True:
            try:
                request = urllib.request.Request(self.url, data=body, headers=headers)
                with self._opener.open(request, timeout=self.timeout_s) as response:
                    return json.load(response)
            except urllib.error.HTTPError as error:
                told = error.read().decode("utf-8", "replace")
                if error.code not in BUSY:
                    raise RewardError(f"{self.url}: {error.code} {told}") from error
                failure: Exception = RewardError(f"{self.url}: {error.code} {told}")
                pause = float(error.headers.get("retry-after") or pause)
            except (OSError, http.client.HTTPException) as error:
                failure = RewardError(f"{self.url}: {error}; is `funprm reward` running?")
            if time.monotonic() + pause > end:
                raise failure
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)


def problem_of(value: object) -> object:
    """A problem as an item names it: an id, or a problem with its tests, also as JSON text (as data sets keep it)."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        return json.loads(value)
    return value
