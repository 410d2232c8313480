"""The store's layout in an object store (docs/scale.md), played against a local S3-compatible server.

Needs a Python with `moto[s3]==5.2.5`, `flask` and `flask-cors`; the server is started here, on a free port:
PYTHON benchmarks/scale/object_store.py
"""

from __future__ import annotations

import hashlib
import http.client
import json
import logging
import random
import struct
import threading
from concurrent.futures import ThreadPoolExecutor

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

BUCKET = "/funprm-store"
CLIENTS = 8
KEYS = 150
CONTRADICTED = 10
"""Of every so-manieth key each client says something else."""
HEADERS = {
    "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/s3/aws4_request, SignedHeaders=a, Signature=b"
}


class Client:
    """Requests over a connection of its own."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, method: str, key: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, str]:
        """Status, body and ETag of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, f"{BUCKET}{key}", body, HEADERS | named)
        answer = connection.getresponse()
        found = answer.status, answer.read(), answer.getheader("ETag") or ""
        connection.close()
        return found

    def lose(self, key: str, body: bytes) -> None:
        """Publishes and never sees the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("PUT", f"{BUCKET}{key}", body, HEADERS | {"If-None-Match": "*"})
        connection.getresponse()
        connection.close()

    def publish(self, key: str, value: dict[str, object]) -> str:
        """What becomes of an entry: `first`, `same` or `conflict`, as in src/store/entry-store.ts."""
        body = json.dumps(value).encode()
        status, _, _ = self.ask("PUT", f"/loose/{key[:2]}/{key}", body, If_None_Match="*")
        if status == 200:
            return "first"
        assert status == 412, status
        status, there, _ = self.ask("GET", f"/loose/{key[:2]}/{key}")
        assert status == 200
        if json.loads(there) == value:
            return "same"
        digest = hashlib.sha256(body).hexdigest()[:16]
        status, _, _ = self.ask("PUT", f"/conflicts/{key}-{digest}", there + b"\n" + body, If_None_Match="*")
        assert status in (200, 412)
        return "conflict"


def key_of(number: int) -> str:
    """As entries are named."""
    return hashlib.sha256(str(number).encode()).hexdigest()


def publishing(port: int) -> dict[str, int]:
    """Every client publishes every key, in an order of its own; exactly one is first."""

    def work(name: int) -> list[str]:
        client, order = Client(port), list(range(KEYS))
        random.Random(name).shuffle(order)
        said = [""] * KEYS
        for n in order:
            said[n] = client.publish(key_of(n), {"n": n} if n % CONTRADICTED else {"n": n, "by": name})
        return said

    with ThreadPoolExecutor(CLIENTS) as pool:
        all_said = list(pool.map(work, range(CLIENTS)))
    for n in range(KEYS):
        other = "same" if n % CONTRADICTED else "conflict"
        assert sorted(said[n] for said in all_said) == sorted(["first", *[other] * (CLIENTS - 1)]), n
    listed = Client(port).ask("GET", "?list-type=2&prefix=conflicts/&max-keys=1000")[1].count(b"<Key>")
    assert listed == KEYS // CONTRADICTED * (CLIENTS - 1), listed
    return {"keys": KEYS, "clients": CLIENTS, "conflicts": listed}


def lost_answer(port: int) -> None:
    """An answer that is lost: the entry is there, and the same client finds it to say the same."""
    client, key = Client(port), key_of(-1)
    client.lose(f"/loose/{key[:2]}/{key}", json.dumps({"n": -1}).encode())
    assert client.publish(key, {"n": -1}) in ("first", "same")
    assert client.publish(key, {"n": -2}) == "conflict"


def packing(port: int) -> None:
    """The index before the pack; only what has both is a pack, and a line is read by its range."""
    client = Client(port)
    lines = {key_of(n): json.dumps({"key": key_of(n), "n": n}).encode() + b"\n" for n in range(KEYS)}
    pack, index = b"", b""
    for key in sorted(lines):
        index += bytes.fromhex(key)[:16] + struct.pack("<Q", len(pack))[:6] + struct.pack("<I", len(lines[key]))
        pack += lines[key]
    client.ask("PUT", "/packs/a.idx", index, If_None_Match="*")
    assert packs(client) == []
    client.ask("PUT", "/packs/a.pack", pack, If_None_Match="*")
    assert packs(client) == ["a"]
    at = sorted(lines).index(key_of(7)) * 26
    status, record, _ = client.ask("GET", "/packs/a.idx", Range=f"bytes={at}-{at + 25}")
    assert status == 206 and record[:16] == bytes.fromhex(key_of(7))[:16]
    offset, length = struct.unpack("<Q", record[16:22] + b"\0\0")[0], struct.unpack("<I", record[22:])[0]
    status, line, _ = client.ask("GET", "/packs/a.pack", Range=f"bytes={offset}-{offset + length - 1}")
    assert status == 206 and json.loads(line)["n"] == 7


def packs(client: Client) -> list[str]:
    """Names of packs whose index is there too."""
    text = client.ask("GET", "?list-type=2&prefix=packs/")[1].decode()
    names = {part.split("</Key>")[0] for part in text.split("<Key>packs/")[1:]}
    return sorted(
        name.removesuffix(".pack") for name in names if name.endswith(".pack") and f"{name[:-5]}.idx" in names
    )


def leasing(port: int) -> None:
    """The lock is a lease: taken by a conditional PUT, renewed and taken over by the ETag that was read."""
    client, place = Client(port), "/compaction.lock"
    assert client.ask("PUT", place, b"a 1", If_None_Match="*")[0] == 200
    assert client.ask("PUT", place, b"b 1", If_None_Match="*")[0] == 412
    _, _, old = client.ask("GET", place)
    _, _, renewed = client.ask("PUT", place, b"a 2", If_Match=old)
    assert client.ask("PUT", place, b"b 1", If_Match=old)[0] == 412  # it was renewed since

    def take(name: int) -> int:
        return Client(port).ask("PUT", place, b"taken by %d" % name, If_Match=renewed)[0]

    with ThreadPoolExecutor(CLIENTS) as pool:
        taken = sorted(pool.map(take, range(CLIENTS)))
    assert taken == [200, *[412] * (CLIENTS - 1)], taken
    assert client.ask("PUT", place, b"a 3", If_Match=renewed)[0] == 412  # the old owner sees that it lost the lease


def main() -> None:
    """Plays everything; the first thing that is not as described ends it."""
    # One request at a time: the server itself would look and write in two steps.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
    port = server.socket.getsockname()[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assert Client(port).ask("PUT", "")[0] == 200
    counted = publishing(port)
    for play in (lost_answer, packing, leasing):
        play(port)
    server.shutdown()
    print("as described:", json.dumps(counted))


if __name__ == "__main__":
    main()
