"""Which encoding a site's file is in: byte-order mark, then strict UTF-8, then what the study declares.

Nothing is guessed from letter frequencies and no byte is ever replaced: a file decodes in full or is refused.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence

from cohortium.intake.source import refused

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark is its beginning
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK = 1 << 20
_SAVE_AS = "save the file as CSV UTF-8"


def find_encoding(data: bytes, declared: Sequence[str], where: str) -> str:
    """Name of the codec that decodes the whole file.

    data        the file
    declared    encodings of the study file, tried in order after UTF-8
    where       path of the file as messages show it

    Raises
        SiteDataError: no encoding fits, or the file holds NUL bytes, or it is UTF-32.
    """
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), None)
    if marked == "utf-32":
        raise refused(where, "is UTF-32, which is not read", _SAVE_AS)
    if marked:
        if not _decodes(data, marked):
            name = "UTF-8" if marked == "utf-8-sig" else "UTF-16"
            raise refused(where, f"begins as {name} (byte-order mark) but is not valid {name}", _SAVE_AS)
        return marked
    for codec in _candidates(declared, has_nul=b"\0" in data):
        if _fits(data, codec):
            return codec
    if (position := data.find(b"\0")) >= 0:
        line = data.count(b"\n", 0, position) + 1
        raise refused(f"{where}:{line}", "holds a NUL byte, which no text file has", _SAVE_AS)
    tried = ", ".join(dict.fromkeys(("utf-8", *declared)))
    hint = f"{_SAVE_AS}, or add its encoding to [data] encodings in study.toml"
    raise refused(where, f"is in none of the encodings {tried}", hint)


def _candidates(declared: Sequence[str], *, has_nul: bool) -> Iterator[str]:
    """UTF-8, then the declared; a text with NUL bytes can only be UTF-16, one without is not (it has ASCII commas)."""
    if not has_nul:
        yield from dict.fromkeys(("utf-8", *(name for name in declared if name != "utf-16")))
    elif "utf-16" in declared:
        yield from ("utf-16-le", "utf-16-be")


def _fits(data: bytes, codec: str) -> bool:
    if not codec.startswith("utf-16"):
        return _decodes(data, codec)
    # Any bytes of even length are nearly always valid UTF-16; only the right byte order gives line ends and no NUL.
    return _decodes(data, codec) and _has_lines(data, codec)


def _has_lines(data: bytes, codec: str) -> bool:
    start = data[:_BLOCK].decode(codec, errors="ignore")
    return "\0" not in start and ("\n" in start or "\r" in start)


def _decodes(data: bytes, codec: str) -> bool:
    # In blocks, so that a large file is not held a second time as text.
    decoder = codecs.getincrementaldecoder(codec)(errors="strict")
    view = memoryview(data)
    try:
        for start in range(0, len(data), _BLOCK):
            decoder.decode(view[start : start + _BLOCK], final=start + _BLOCK >= len(data))
    except UnicodeDecodeError:
        return False
    return True
