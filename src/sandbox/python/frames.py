"""Length-prefixed frames on file descriptors, safe for any bytes.

A frame is: u32 length of the rest, u32 length of the header, the header (JSON), then the blobs one after the other.
The header's `blobs` lists their lengths. The same layout is written and read by frames.ts.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any

Frame = tuple  # (header: dict, blobs: list[memoryview]); a plain tuple, so that Python 3.8 reads this file
Bytes = Any  # bytes, bytearray or memoryview
#: json.loads without its search for white space, which every fork would pay for in pages that it writes to.
_scan = json.JSONDecoder().scan_once


def read_exactly(fd: int, size: int) -> bytearray | None:
    """Reads `size` bytes; None when the other side closed before all of them came."""
    data = bytearray(size)
    left = memoryview(data)
    while left:
        count = os.readv(fd, [left[: 1 << 20]])
        if count == 0:
            return None
        left = left[count:]
    return data


def read_frame(fd: int, largest: int = 1 << 31) -> Frame | None:
    """The next frame, or None at the end of the stream. A frame over `largest` bytes is a ValueError.

    What the blobs show is the only copy of it in this process, so that `wipe` leaves none.
    """
    prefix = read_exactly(fd, 8)
    if prefix is None:
        return None
    rest, header_size = struct.unpack(">II", prefix)
    if rest > largest or header_size + 4 > rest:
        raise ValueError("frame of %d bytes with a header of %d" % (rest, header_size))
    body = read_exactly(fd, rest - 4)
    if body is None:
        return None
    header = read_header(body[:header_size].decode())
    blobs = []
    at = header_size
    for size in header.get("blobs", ()):
        blobs.append(memoryview(body)[at : at + size])
        at += size
    return header, blobs


def read_header(text: str) -> dict[str, Any]:
    """An object of JSON without white space around it; anything else is a ValueError."""
    try:
        header, end = _scan(text, 0)
    except StopIteration:
        raise ValueError("a header that is no JSON") from None
    if end != len(text) or type(header) is not dict:
        raise ValueError("a header that is no object of JSON")
    return header


def header_text(header: dict[str, Any], sizes: list[int]) -> str:
    """The header as JSON. Names and plain values are put together here: json writes to many more pages of a fork."""
    parts = []
    for name, value in header.items():
        kind = type(value)
        if kind is bool:
            text = "true" if value else "false"
        elif kind is int:
            text = str(value)
        elif kind is float and value - value == 0:
            text = repr(value)
        elif kind is str and value.isidentifier() and value.isascii():
            text = '"%s"' % value
        else:
            text = json.dumps(value)
        parts.append('"%s":%s' % (name, text))
    parts.append('"blobs":[%s]' % ",".join(map(str, sizes)))
    return "{%s}" % ",".join(parts)


def write_frame(fd: int, header: dict[str, Any], blobs: list[Bytes] | None = None) -> None:
    """Writes one frame wholly, without a copy of the blobs."""
    blobs = blobs or []
    head = header_text(header, [len(blob) for blob in blobs]).encode()
    rest = 4 + len(head) + sum(len(blob) for blob in blobs)
    parts = [memoryview(part) for part in (struct.pack(">II", rest, len(head)) + head, *blobs) if len(part)]
    written = os.writev(fd, parts)
    for part in parts:
        if written < len(part):
            write_all(fd, part[written:])
        written = max(0, written - len(part))


def wipe(blobs: list[Any]) -> None:
    """Overwrites texts with zeros where they lie: what is merely let go of can still be found in the memory of later forks."""
    for blob in blobs:
        blob[:] = bytes(len(blob))


def write_all(fd: int, data: Bytes) -> None:
    """Writes all of `data`, however little one write takes."""
    written = os.write(fd, data)
    if written < len(data):
        view = memoryview(data)
        while written < len(data):
            written += os.write(fd, view[written:])
