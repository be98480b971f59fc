"""Lines of the declaring files that changed, and which lines an element of the study file stands in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_SECTION = re.compile(r"\s*\[{1,2}\s*([A-Za-z_]+)((?:\.[A-Za-z_]+)*)\s*\]{1,2}\s*(?:#.*)?$")
_NAME = re.compile(r"""\s*name\s*=\s*["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that is in one of the files only: `-` in the first, `+` in the second."""

    file: str
    number: int
    sign: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.number}: {self.sign} {self.text}"


def changed_lines(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[ChangedLine]:
    """Lines that differ between the files of two runs, empty ones left out."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            if tag != "equal":
                yield from _held(name, old, range(old_from, old_to), "-")
                yield from _held(name, new, range(new_from, new_to), "+")


def _held(name: str, lines: list[str], numbers: range, sign: str) -> Iterator[ChangedLine]:
    yield from (ChangedLine(name, n + 1, sign, lines[n].strip()) for n in numbers if lines[n].strip())


def element_lines(text: str) -> dict[tuple[str, str], range]:
    r"""Lines of each named element of a study file, from its header to the next section of another element.

    >>> element_lines('[time]\\n[[endpoint]]\\nname = "os"\\n[[endpoint.causes]]\\nlabel = "Death"\\n')
    {('endpoint', 'os'): range(2, 6)}
    """
    lines = text.splitlines()
    headers = [(number, match) for number, line in enumerate(lines, 1) if (match := _SECTION.match(line))]
    # `[[endpoint.causes]]` belongs to the endpoint before it.
    starts = [(number, match[1]) for number, match in headers if not match[2]]
    ends = [number for number, _ in starts[1:]] + [len(lines) + 1]
    found = {}
    for (start, section), end in zip(starts, ends, strict=True):
        name = next((match[1] for line in lines[start : end - 1] if (match := _NAME.match(line))), None)
        if name is not None:
            found[section, name] = range(start, end)
    return found
