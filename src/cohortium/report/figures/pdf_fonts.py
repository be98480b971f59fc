"""Fonts of PDF figures, cut to the letters that are used: once for all figures that use the same ones.

Matplotlib cuts each font anew for each figure, and first works out which letters every ligature and accent rule of it
could lead to, which takes longer than all drawing. A PDF says where each letter stands, so those rules are of no use in
it: they are left out, and so are the hints for coarse screens. A cut depends on the font and its letters alone, so that
a file is the same bytes whatever was drawn before.

Matplotlib has no public way to hand it a cut font. Where its own function is not the one known here, it cuts by
itself: slower, with larger files, and the same to look at.
"""

from __future__ import annotations

import inspect
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

_LETTERS = (*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "–—‘’“”…′−≤≥≈→⁰⁴⁵⁶⁷⁸⁹⁻χρτ"))
"""In every cut, so that nearly all figures share one: what is printed in western languages and by the program itself."""
_OF_NO_USE = ("FFTM", "GDEF", "GPOS", "GSUB", "MATH", "kern")


@dataclass(frozen=True, slots=True)
class _Cut:
    """A cut font as matplotlib asks for it: a context that gives a font to save, and its letters' new places."""

    content: bytes
    glyph_index_map: dict[int, int]

    @property
    def font(self) -> Self:
        """What can be saved."""
        return self

    def save(self, file: io.BytesIO, **_options: object) -> None:
        """Write the font."""
        file.write(self.content)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        pass


@contextmanager
def shared_fonts() -> Iterator[None]:
    """Inside, PDF files get their fonts from here, where matplotlib can take them."""
    if not takes_cut_fonts():
        yield
        return
    # Only one thread draws, and what stood before stands again.
    writer = _writer()
    before = writer.get_glyphs_subset
    writer.get_glyphs_subset = _cut_for
    try:
        yield
    finally:
        writer.get_glyphs_subset = before


def takes_cut_fonts() -> bool:
    """Whether matplotlib cuts fonts by the function known here: a font and its glyphs to a font and their new places."""
    writer = _writer()
    cutter, made = (getattr(writer, name, None) for name in ("get_glyphs_subset", "SubsetResults"))
    if cutter is None or getattr(made, "_fields", None) != ("font", "glyph_index_map"):
        return False
    return tuple(inspect.signature(cutter).parameters) == ("fontfile", "glyphs")


def _writer() -> Any:
    try:
        from matplotlib.backends import _backend_pdf_ps
    except ImportError:
        return None
    return _backend_pdf_ps


def _cut_for(fontfile: Any, glyphs: Collection[int]) -> _Cut:
    path, face = str(fontfile), getattr(fontfile, "face_index", 0)
    return _cut(path, face, _places(path, face) | frozenset(glyphs))


@cache
def _cut(path: str, face: int, glyphs: frozenset[int]) -> _Cut:
    from fontTools import subset

    options = subset.Options(glyph_names=True, recommended_glyphs=True, hinting=False, font_number=face)
    options.drop_tables = [*options.drop_tables, *_OF_NO_USE]
    font = subset.load_font(path, options)
    cutter = subset.Subsetter(options=options)
    cutter.populate(gids=sorted(glyphs))
    cutter.subset(font)
    content = io.BytesIO()
    font.save(content, reorderTables=False)
    font.close()
    return _Cut(content.getvalue(), dict(cutter.glyph_index_map))


@cache
def _places(path: str, face: int) -> frozenset[int]:
    """Places of the usual letters in a font."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=face, lazy=True) as font:
        names = font.getBestCmap()
        return frozenset(font.getGlyphID(names[letter]) for letter in _LETTERS if letter in names)
