"""Answers in place of the network, which a program in the sandbox does not have: the same page for everybody who asks."""

from __future__ import annotations

import io
import json
import re
import sys
from typing import Any

PAGE = (
    "<html><head><title>A page</title></head><body><h1>Heading</h1><p class='text'>Some text, 42 words.</p>"
    "<a href='/one'>One</a><a href='https://example.com/two'>Two</a><img src='a.png'/>"
    "<table><tr><th>Name</th><th>Value</th></tr><tr><td>first</td><td>1</td></tr><tr><td>second</td><td>2</td></tr></table>"
    "</body></html>"
)
RECORDS = json.dumps([{"id": 1, "name": "first", "value": 1.5}, {"id": 2, "name": "second", "value": 2.5}])
TABLE = "id,name,value\n1,first,1.5\n2,second,2.5\n"
#: Addresses that tests give where a request is to fail.
FAILING = re.compile(r"invalid|non-?exist|unreachable|error|fail|bad|^(?!https?://)")


def answer() -> None:
    """From here on requests and urllib answer by themselves; a library that the program did not load is not loaded."""
    requests: Any = sys.modules.get("requests")
    if requests is not None:
        requests.sessions.Session.send = lambda session, request, **_: _response(requests, request)
    urllib: Any = sys.modules.get("urllib.request")
    if urllib is not None:
        urllib.urlopen = lambda url, *_, **__: _opened(urllib, getattr(url, "full_url", url))


def body(url: str) -> str:
    if re.search(r"json|api", url):
        return RECORDS
    return TABLE if ".csv" in url else PAGE


def _response(requests: Any, request: Any) -> Any:
    if FAILING.search(request.url):
        raise requests.exceptions.ConnectionError("no such host")
    response = requests.models.Response()
    response.status_code = 200
    response.reason = "OK"
    response.url = request.url
    response.request = request
    response.encoding = "utf-8"
    response.raw = io.BytesIO(body(request.url).encode())
    return response


def _opened(urllib: Any, url: str) -> Any:
    if FAILING.search(url):
        raise urllib.URLError("no such host")
    from email.message import Message
    from urllib.response import addinfourl

    headers = Message()
    headers["Content-Type"] = "text/html; charset=utf-8"
    return addinfourl(io.BytesIO(body(url).encode()), headers, url, 200)
