"""Frames on a pipe: a length and that many bytes, with a mark of what they are."""

from __future__ import annotations

from typing import IO

from cohortium.errors import WireError

OPENING, REQUEST, RESPONSE, FAILURE = b"O", b"Q", b"A", b"F"
_PREFIX = 9
_LARGEST = 2**30


def write_frame(stream: IO[bytes], kind: bytes, data: bytes) -> None:
    """Write one frame and flush it."""
    stream.write(kind + len(data).to_bytes(8, "little"))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The kind and bytes of the next frame; None at the end of the stream.

    Raises
        WireError: the stream ends within a frame, or a frame is of an unknown kind or too long.
    """
    prefix = stream.read(_PREFIX)
    if not prefix:
        return None
    kind, size = prefix[:1], int.from_bytes(prefix[1:], "little")
    if len(prefix) < _PREFIX or kind not in (OPENING, REQUEST, RESPONSE, FAILURE) or size > _LARGEST:
        raise WireError("what came through the pipe is not a frame")
    data = stream.read(size)
    if len(data) < size:
        raise WireError("the pipe was closed within a frame")
    return kind, data
