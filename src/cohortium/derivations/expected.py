"""Derived values of hand-made patients against what is expected of them; these values may be shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import polars as pl

from cohortium.derivations.cohort import FLOW_STEP
from cohortium.derivations.endpoints import entry_column, event_column, time_column
from cohortium.study.draft import derived_variables
from cohortium.study.endpoints import Made
from cohortium.study.study import Study
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import Level, Variable

UNKNOWN = "unknown"
COHORT = "cohort"
"""Name under which `yes` or `no` is expected for being analyzed."""

_NO, _YES = Level("0", "no"), Level("1", "yes")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.([0-9]+))?")

Fault = tuple[str, str]
"""What is wrong, and a hint."""


def testable(study: Study) -> dict[str, tuple[str, Variable]]:
    """Column and meaning of everything that can be expected, by the name that it has in the file.

    Variables of the study under their names, those of a rule also as `<name>.<what>`; an endpoint's `<name>.days`, `<name>.event` and `<name>.entry`; `cohort`.
    """
    names = {name: (name, variable) for name, variable in study.variables.items() if name != study.file.data.key}
    for derive in study.file.derive:
        start = f"{derive.name}_"
        made = [variable for variable in derived_variables(derive) if variable.name.startswith(start)]
        names |= {f"{derive.name}.{v.name.removeprefix(start)}": (v.name, v) for v in made}
    for endpoint in study.file.endpoint:
        days = Variable(endpoint.name, endpoint.label, "number")
        event = Variable(endpoint.name, endpoint.label, "category", _events(study.made(endpoint.name)))
        names[f"{endpoint.name}.days"] = (time_column(endpoint), days)
        names[f"{endpoint.name}.event"] = (event_column(endpoint), event)
        if endpoint.entry is not None:
            names[f"{endpoint.name}.entry"] = (entry_column(endpoint), days)
    names[COHORT] = (COHORT, Variable(COHORT, "Analyzed", "category", (_NO, _YES)))
    return names


def _events(made: Made) -> tuple[Level, ...]:
    if not made.has_causes:
        return (_NO, _YES)
    return (_NO, *(Level(str(number), label) for number, label in enumerate(made.causes, 1)))


def derived_values(study: Study, received: pl.DataFrame) -> dict[str, dict[str, object]]:
    """The value of every column by the patient's key.

    received   rows of the hand-made patients with everything derived
    """
    is_analyzed = (pl.col(FLOW_STEP) == len(study.file.cohort.step)).cast(pl.Int64).alias(COHORT)
    rows = received.with_columns(is_analyzed).rows(named=True)
    return {str(row[study.file.data.key]): row for row in rows}


def mismatch(
    known: Mapping[str, tuple[str, Variable]], values: Mapping[str, Mapping[str, object]], line: tuple[str, str, str]
) -> Fault | None:
    """What is wrong with one expectation; None when it holds.

    known    what can be expected
    values   value of every column by patient
    line     patient, variable, expected text
    """
    patient, name, expected = line
    if patient not in values:
        return f"no patient {shown(patient)} is in the file of test patients", did_you_mean(patient, values)
    if name not in known:
        return f"unknown variable {shown(name)}", did_you_mean(name, known)
    column, variable = known[name]
    if column not in values[patient]:
        return f"{name} cannot be looked at: it is not read", ""
    found = values[patient][column]
    value = int(found) if isinstance(found, bool) else found
    holds, fault = _holds(variable, value, expected)
    if fault:
        return fault, ""
    if holds:
        return None
    return f"patient {patient}, {name}: expected {expected}, derived {_printed(variable, value)}", ""


def _holds(variable: Variable, value: object, expected: str) -> tuple[bool, str]:
    if expected == UNKNOWN:
        return value is None, ""
    if variable.kind == "category":
        codes = {text: level.code for level in variable.levels for text in (level.code, level.label)}
        if expected not in codes:
            labels = [level.label for level in variable.levels]
            return False, f"{shown(expected)} is no level of {variable.name}; {one_of([*labels, UNKNOWN])}"
        return value is not None and str(value) == codes[expected], ""
    number = _NUMBER.fullmatch(expected)
    if number is None:
        return False, f"{shown(expected)} is no number; expected a number such as 1.5, or {UNKNOWN}"
    if value is None:
        return False, ""
    return _rounded(value, len(number[1] or "")) == Decimal(expected), ""


def _rounded(value: object, decimals: int) -> Decimal | None:
    """A number to the decimals that the expected one states."""
    try:
        # By its shortest text, so that 1.45 rounds as it reads.
        return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None


def _printed(variable: Variable, value: object) -> str:
    if value is None:
        return UNKNOWN
    labels = {level.code: level.label for level in variable.levels}
    return labels.get(str(value), str(value))
