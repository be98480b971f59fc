"""Names are given once, and none is reserved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule, derived_variables
from cohortium.study.locate import Path
from cohortium.study.suggest import shown
from cohortium.study.variables import SITE

_RESERVED = {"flow": "the flow of patients", "landmark": "the flow to landmarks"}


def _repeated(draft: Draft, section: Path, key: str, names: Iterable[str]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        # File systems of two of the three common kinds do not tell A from a.
        earlier = first.setdefault(name.casefold(), index)
        if earlier != index:
            line = draft.line_of((*section, earlier, key))
            what = f"{shown(name)} is already the {key} of the {section[-1]} in line {line}"
            yield draft.problem((*section, index, key), what, "names must differ in more than their capital letters")


def site_ids_differ(draft: Draft) -> Iterator[Problem]:
    """Two sites have different ids."""
    yield from _repeated(draft, ("site",), "id", (site.id for site in draft.file.site))


def site_names_differ(draft: Draft) -> Iterator[Problem]:
    """Two sites are printed differently."""
    yield from _repeated(draft, ("site",), "name", (site.name for site in draft.file.site))


def tables_differ(draft: Draft) -> Iterator[Problem]:
    """A table of the data is declared once, and no two are read from one file."""
    tables = draft.file.data.table
    yield from _repeated(draft, ("data", "table"), "name", (table.name for table in tables))
    files = [table.file_name.casefold() for table in tables]
    for index, table in enumerate(tables):
        if table.file_name == draft.file.data.file or files.index(files[index]) < index:
            what = f"{shown(table.file_name)} is already the file of another table"
            yield draft.problem(("data", "table", index, "file"), what, "name the file of this table")


def step_labels_differ(draft: Draft) -> Iterator[Problem]:
    """Two steps of the flow diagram are printed differently."""
    yield from _repeated(draft, ("cohort", "step"), "label", (step.label for step in draft.file.cohort.step))


def element_names_differ(draft: Draft) -> Iterator[Problem]:
    """Two endpoints, imputations, propensity scores, analyses, families, tables or figures have different names."""
    file = draft.file
    for section, elements in (
        ("endpoint", file.endpoint),
        ("imputation", file.imputation),
        ("propensity", file.propensity),
        ("analysis", file.analysis),
        ("family", file.family),
        ("table", file.table),
        ("figure", file.figure),
    ):
        yield from _repeated(draft, (section,), "name", (element.name for element in elements))


def no_analysis_is_named_flow(draft: Draft) -> Iterator[Problem]:
    """`flow` and `landmark` are names of the flow of patients in the results table."""
    for index, analysis in enumerate(draft.file.analysis):
        name = analysis.name.casefold()
        if name in _RESERVED:
            yield draft.problem(("analysis", index, "name"), f"'{name}' is reserved for {_RESERVED[name]}")


def derived_names_are_new(draft: Draft) -> Iterator[Problem]:
    """A derived variable does not replace another variable."""
    yield from _repeated(draft, ("derive",), "name", (derive.name for derive in draft.file.derive))
    made_by: dict[str, int] = {}
    for index, derive in enumerate(draft.file.derive):
        path: Path = ("derive", index, "name")
        for variable in derived_variables(derive):
            earlier = made_by.setdefault(variable.name, index)
            if variable.name == SITE:
                yield draft.problem(path, f"'{SITE}' is reserved for the institution")
            elif variable.name in draft.dictionary:
                line = draft.dictionary[variable.name].line
                yield draft.problem(path, f"{shown(variable.name)} is already declared in dictionary.csv:{line}")
            elif earlier != index and derive.name != draft.file.derive[earlier].name:
                line = draft.line_of(("derive", earlier))
                yield draft.problem(path, f"makes {shown(variable.name)} too, as the [[derive]] in line {line} does")


RULES: tuple[Rule, ...] = (
    site_ids_differ,
    site_names_differ,
    tables_differ,
    step_labels_differ,
    element_names_differ,
    no_analysis_is_named_flow,
    derived_names_are_new,
)
