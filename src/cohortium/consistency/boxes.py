"""The boxes of flow diagrams: each from the results table, and together they add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cohortium.errors import Problem

if TYPE_CHECKING:
    from cohortium.results import Results

Lines = Sequence[tuple[str, Mapping[str, str]]]
_STEP = {
    "n_entered": "entered",
    "n_excluded": "excluded",
    "n_excluded_unknown": "excluded-unknown",
    "n_remaining": "remaining",
}


def check_flow(results: Results, lines: Lines) -> Iterator[Problem]:
    """Boxes that do not add up, begin with other than what was received, or end with other than what was analyzed."""
    received, analyzed = (results.one(statistic=name).value or 0 for name in ("received", "analyzed"))
    before = received
    # A line without patients is a site whose data were not used.
    boxes = [(place, line) for place, line in lines if line["n_entered"]]
    for place, line in boxes:
        entered, remaining = int(line["n_entered"]), int(line["n_remaining"])
        excluded = int(line["n_excluded"])
        if entered != before or entered - excluded != remaining:
            what = f"{entered} less {excluded} is {remaining}, after {before:g} before"
            yield Problem(place, f"«{line['step']}»: the boxes do not add up: {what}")
        before = remaining
    if before != analyzed:
        yield Problem(lines[-1][0], f"the flow ends with {before:g} patients, but {analyzed:g} were analyzed")
    for place, line in (boxes[0], boxes[-1]):
        if int(line["n_excluded"]) or int(line["n_excluded_unknown"]):
            yield Problem(place, f"«{line['step']}»: nobody is excluded at the first and the last box")
    for column, statistic in _STEP.items():
        steps = results.where(statistic=statistic)
        for row, (place, line) in zip(steps, boxes[1:-1], strict=False):
            if float(line[column]) != row.value:
                what = f"{column} is {line[column]}, but {row.value or 0:g} in the results table"
                yield Problem(place, f"«{line['step']}»: {what}")


def check_landmark(results: Results, lines: Lines) -> Iterator[Problem]:
    """Boxes of the flow to a landmark that are not those of the results table, in its order."""
    found = {row.statistic: row.value or 0.0 for row in results if not row.level}
    by_cause = [row.value or 0.0 for row in results if row.statistic == "event-before" and row.level]
    expected = [found["at-origin"], *(by_cause or [found["event-before"]]), found["censored-before"]]
    expected += [found[name] for name in ("entered-after", "unknown") if found.get(name)]
    expected.append(found["at-risk"])
    if len(expected) != len(lines):
        yield Problem(lines[0][0], f"{len(lines)} boxes, but {len(expected)} in the results table")
    for (place, line), value in zip(lines, expected, strict=False):
        if float(line["n"]) != value:
            yield Problem(place, f"«{line['place']}»: n is {line['n']}, but {value:g} in the results table")
