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
    header: dict[str, Any] = json.loads(body[:header_size])
    blobs = []
    at = header_size
    for size in header.get("blobs", ()):
        blobs.append(memoryview(body)[at : at + size])
        at += size
    return header, blobs


def write_frame(fd: int, header: dict[str, Any], blobs: list[Bytes] | None = None) -> None:
    """Writes one frame wholly, without a copy of the blobs."""
    blobs = blobs or []
    head = json.dumps(dict(header, blobs=[len(blob) for blob in blobs])).encode()
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
