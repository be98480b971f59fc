"""What crosses between the center and a site: requests of names and numbers, responses of totals.

The wire form is a JSON header with named parts of bytes after it; each part is the wire form of totals.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.errors import WireError
from cohortium.totals import Params, Totals, decode, encode

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAGIC = {"request": b"CREQ1\n", "response": b"CRES1\n"}
_PREFIX = 10
_HEADER_LIMIT = 4_000_000


@dataclass(frozen=True)
class Request:
    """One round's questions to a site.

    study_hash  hash of the study file and the dictionary that the center uses
    round       number of the round, from 1
    params      task key to the parameters of that task
    """

    study_hash: str
    round: int
    params: Mapping[str, Params]


@dataclass(frozen=True)
class Response:
    """A site's answers to one request: task key to totals."""

    site: str
    round: int
    totals: Mapping[str, Totals]


def encode_request(request: Request) -> bytes:
    """The wire form of a request."""
    return _pack("request", {"study": request.study_hash, "round": request.round}, request.params)


def decode_request(data: bytes) -> Request:
    """The request that `encode_request` wrote; WireError for anything else."""
    header, parts = _unpack("request", data)
    return Request(_text(header, "study"), _number(header, "round"), parts)


def encode_response(response: Response) -> bytes:
    """The wire form of a response."""
    return _pack("response", {"site": response.site, "round": response.round}, response.totals)


def decode_response(data: bytes) -> Response:
    """The response that `encode_response` wrote; WireError for anything else."""
    header, parts = _unpack("response", data)
    return Response(_text(header, "site"), _number(header, "round"), parts)


def _pack(kind: str, fields: dict[str, object], parts: Mapping[str, Totals]) -> bytes:
    encoded = {key: encode(parts[key]) for key in parts}
    header = {**fields, "parts": [[key, len(data)] for key, data in encoded.items()]}
    text = json.dumps(header, separators=(",", ":")).encode()
    return _MAGIC[kind] + len(text).to_bytes(4, "little") + text + b"".join(encoded.values())


def _unpack(kind: str, data: bytes) -> tuple[dict[str, object], dict[str, Totals]]:
    if data[:6] != _MAGIC[kind] or len(data) < _PREFIX:
        raise WireError(f"not the wire form of a {kind}")
    size = int.from_bytes(data[6:_PREFIX], "little")
    if size > _HEADER_LIMIT:
        raise WireError(f"the header of a {kind} is too long")
    try:
        header = json.loads(data[_PREFIX : _PREFIX + size])
        sizes = [(str(key), length) for key, length in header["parts"]]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise WireError(f"the header of a {kind} is not readable") from error
    parts: dict[str, Totals] = {}
    offset = _PREFIX + size
    for key, length in sizes:
        if type(length) is not int or length < 0 or offset + length > len(data):
            raise WireError(f"a {kind} is cut off")
        parts[key] = decode(data[offset : offset + length])
        offset += length
    if offset != len(data):
        raise WireError(f"there are bytes after the end of a {kind}")
    return header, parts


def _text(header: dict[str, object], name: str) -> str:
    value = header.get(name)
    if not isinstance(value, str):
        raise WireError(f"the header has no text named {name}")
    return value


def _number(header: dict[str, object], name: str) -> int:
    value = header.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise WireError(f"the header has no whole number named {name}")
    return value
