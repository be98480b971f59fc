"""The header of a site's file against the dictionary: which columns are read, which are missing, which are unknown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cohortium.errors import Problem, SiteDataError
from cohortium.intake.source import READ_FAILED
from cohortium.study.study import Study
from cohortium.study.suggest import did_you_mean, shown
from cohortium.study.variables import Variable

NO_NAMES: Mapping[str, str] = {}
_PRINTABLE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")


@dataclass(frozen=True, slots=True)
class Columns:
    """What is read of a file.

    positions    position in the file of each variable that is read, by name; the key is the first
    undeclared   columns that the dictionary does not declare, named or by position; they are not read
    """

    positions: Mapping[str, int]
    undeclared: tuple[str, ...]


def read_variables(study: Study) -> tuple[Variable, ...]:
    """The key, then the variables that are read from a site's file, in the dictionary's order.

    Identifiers are never read. Neither is free text: no analysis uses it, and it may name a person.
    """
    key = study.file.data.key
    others = (v for v in study.dictionary if v.name != key and not v.identifier and v.kind != "text")
    return (*(v for v in study.dictionary if v.name == key), *others)


def match_columns(study: Study, header: Sequence[str], where: str, theirs: Mapping[str, str] = NO_NAMES) -> Columns:
    """Find the study's variables in the header of a file.

    header   column names in order
    where    place of the header as messages show it, e.g. `sites/site-01/patients.csv:1`
    theirs   the site's own names by ours, as its mapping declares them

    Raises
        SiteDataError: a column is missing or stands there twice; all such problems at once. No name of the file
            is repeated unless it is close to a declared one: a file without a header begins with a patient.
    """
    wanted = [variable.name for variable in read_variables(study)]
    declared = {variable.name for variable in study.dictionary}
    if not declared.intersection(header):
        hint = "the first line must name the columns as the dictionary does; also check [data] delimiter"
        raise SiteDataError(READ_FAILED, [Problem(where, "holds none of the dictionary's column names", hint)])
    problems = [*_missing(wanted, header, declared, where, theirs), *_repeated(header, declared, where)]
    if problems:
        raise SiteDataError(READ_FAILED, problems)
    positions = {name: header.index(name) for name in wanted}
    undeclared = [(position, name) for position, name in enumerate(header, 1) if name and name not in declared]
    return Columns(positions, tuple(printable(name, position) for position, name in undeclared))


def _missing(
    wanted: Sequence[str], header: Sequence[str], declared: set[str], where: str, theirs: Mapping[str, str]
) -> Iterator[Problem]:
    spare = [name for name in header if name not in declared and _PRINTABLE_NAME.fullmatch(name)]
    for name in wanted:
        if name not in header:
            hint = did_you_mean(name, spare) or "export the site's rows again with this column"
            yield Problem(where, f"the column {named(name, theirs)} is missing", hint)


def named(name: str, theirs: Mapping[str, str]) -> str:
    """A column as a message names it: also by the name that the site's mapping gives."""
    return f"{shown(theirs[name])} (mapping.toml: {name})" if name in theirs else f"'{name}'"


def _repeated(header: Sequence[str], declared: set[str], where: str) -> Iterator[Problem]:
    for name, count in Counter(filter(None, header)).items():
        if count > 1:
            places = ", ".join(str(position) for position, other in enumerate(header, 1) if other == name)
            what = f"the column '{name}'" if name in declared else "a column name"
            yield Problem(where, f"{what} stands there {count} times (columns {places})", "keep one of them")


def printable(name: str, position: int) -> str:
    """A column of the file as a message names it: by position where its name may be a value."""
    return name if _PRINTABLE_NAME.fullmatch(name) else f"column {position}"
