"""The words in a drawn figure against its data: numbers of patients that must be in the picture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import unescape

from cohortium.errors import Problem
from cohortium.proofreading.printed import INTEGER
from cohortium.report.formats import plain

_TEXT = re.compile(r"<text[^>]*>([^<]*)</text>")
_ALONE = re.compile(rf"\s*{INTEGER}\s*")
_NAMED = re.compile(rf"(?:\bn = |: )({INTEGER})")
_BOXES = {"flow": ("n_entered", "n_excluded", "n_remaining"), "landmark-flow": ("n",)}
_AT_RISK = ("kaplan-meier", "cumulative-hazard", "cumulative-incidence")


def check_picture(
    kind: str, lines: Sequence[Mapping[str, str]], picture: str, place: str, n_sites: Collection[int] = ()
) -> Iterator[Problem]:
    """Boxes of a flow diagram that are not those of its data, and numbers at risk at time zero that are not in the picture.

    lines    data of the figure
    picture  as SVG, whose words are text
    n_sites  numbers of sites that the boxes may also print
    """
    if not lines:
        return
    words = [plain(unescape(text)) for text in _TEXT.findall(picture)]
    if kind in _BOXES:
        sizes = {int(line[name]) for line in lines for name in _BOXES[kind] if line[name]}
        left = {int(lines[0]["n"]) - int(lines[-1]["n"])} if kind == "landmark-flow" else set()
        yield from _boxes(sizes, left.union(n_sites), words, place)
    elif kind in _AT_RISK:
        first = {line["group"]: line["n_at_risk"] for line in reversed(lines)}
        shown = Counter(_whole(text) for text in words if _ALONE.fullmatch(text))
        for n, times in Counter(int(text) for text in first.values() if text).items():
            if shown[n] < times:
                yield Problem(place, f"{n} patients at risk at time zero are not in the picture")


def _boxes(sizes: set[int], others: set[int], words: Sequence[str], place: str) -> Iterator[Problem]:
    shown = {_whole(number) for text in words for number in _NAMED.findall(text)}
    for n in sorted(sizes - shown - {0}):
        yield Problem(place, f"{n} patients of the figure's data are not in the picture")
    for n in sorted(shown - sizes - others):
        yield Problem(place, f"{n} patients in the picture are not in the figure's data")


def _whole(text: str) -> int:
    return int(text.replace(",", ""))
