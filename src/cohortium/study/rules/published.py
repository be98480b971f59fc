"""Published numbers name an analysis of the study and say what was published; a table shows them."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.rules.exhibits.reference import by_name
from cohortium.study.suggest import did_you_mean, one_of, shown


def published_numbers_have_an_analysis(draft: Draft) -> Iterator[Problem]:
    """The analysis is declared, and the group is one of its groups."""
    names = [analysis.name for analysis in draft.file.analysis]
    for index, published in enumerate(draft.file.published):
        path: Path = ("published", index)
        yield from draft.check_reference((*path, "analysis"), "analysis", published.analysis, names)
        analysis = by_name(draft).get(published.analysis)
        by = getattr(analysis, "by", None)
        if analysis is None or not published.group or draft.is_excused(by or ""):
            continue
        if by is None:
            yield draft.problem((*path, "group"), f"{published.analysis} has no groups", "remove group")
        elif by in draft.variables:
            labels = [level.label for level in draft.variables[by].levels]
            pairs = [f"{one} v {other}" for one in labels for other in labels if one != other]
            if published.group not in (*labels, *pairs):
                what = f"unknown group {shown(published.group)} of {by}; {one_of(labels)}"
                yield draft.problem((*path, "group"), what, did_you_mean(published.group, labels))


def published_numbers_say_what(draft: Draft) -> Iterator[Problem]:
    """A value, or a number that it is below; a tolerance belongs to a number."""
    for index, published in enumerate(draft.file.published):
        path: Path = ("published", index)
        if (published.value is None) == (published.below is None):
            given = "has neither value nor below" if published.value is None else "has value and below"
            yield draft.problem(path, f"{given}; expected one of them")
        elif published.within and not isinstance(published.value, float):
            yield draft.problem((*path, "within"), "goes with a value that is a number", "remove within")


def published_tables_have_rows(draft: Draft) -> Iterator[Problem]:
    """A table of published numbers has some to show."""
    for index, table in enumerate(draft.file.table):
        if table.kind == "published" and not draft.file.published:
            yield draft.problem(("table", index, "kind"), "there is no [[published]] number", "add one")


RULES: tuple[Rule, ...] = (
    published_numbers_have_an_analysis,
    published_numbers_say_what,
    published_tables_have_rows,
)
