"""A reference to the one row of the results table that it speaks of, and its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cohortium.manuscript.terms import FLOW, FORMS, TERMS, Setting, parts_of, sentence_form
from cohortium.report import formats
from cohortium.study.suggest import did_you_mean, one_of, shown

if TYPE_CHECKING:
    from cohortium.manuscript.references import Reference
    from cohortium.results import Results, Statistic
    from cohortium.study.study import Study

CRITERIA = ("group", "variable", "level", "model", "population", "statistic", "months", "form")
_COLUMNS = ("model", "group", "variable", "level", "population", "time")
_SHOWN_DAYS = 0.51


class NotFoundError(Exception):
    """A reference that names no row, or several; the message says what was expected."""

    def __init__(self, what: str, hint: str = "") -> None:
        self.what, self.hint = what, hint
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A reference with its words and the row behind them."""

    reference: Reference
    text: str
    statistic: Statistic


def resolve(reference: Reference, results: Results, study: Study) -> Resolved:
    """The row that a reference speaks of, in words.

    Raises
        NotFoundError: a key or a name is not known, no row fits, or several do.
    """
    _check_keys(reference)
    rows = _of_analysis(reference, results, study)
    wanted = TERMS[reference.word].statistics or (str(reference.criteria.get("statistic", "")),)
    named = _of_statistic(reference, rows, wanted)
    row = _only(reference, _chosen(reference, named, study), study)
    setting = Setting(study.file.time.month_days)
    form = str(reference.criteria.get("form", "full"))
    if reference.word == "count_percent":
        text = _count_percent(row)
    else:
        text = sentence_form(parts_of(row, setting), form, row.confidence)
    return Resolved(reference, text, row)


def _check_keys(reference: Reference) -> None:
    for key in reference.criteria:
        if key not in CRITERIA:
            raise NotFoundError(f"unknown key {shown(key)}; {one_of(CRITERIA)}", did_you_mean(key, CRITERIA))
    form = reference.criteria.get("form", "full")
    if form not in FORMS:
        raise NotFoundError(f"unknown form {shown(form)}; {one_of(FORMS)}", did_you_mean(str(form), FORMS))
    n_names = len(reference.names)
    if n_names > 1 or (n_names == 0 and reference.word not in FLOW):
        raise NotFoundError("expected the name of one analysis or endpoint first", 'e.g. median("pfs", group="Women")')
    if reference.word == "value" and "statistic" not in reference.criteria:
        raise NotFoundError("value needs a statistic", "see the results table for their names")


def _of_analysis(reference: Reference, results: Results, study: Study) -> list[Statistic]:
    """The rows of the analysis, or of the analyses of the endpoint, that is named."""
    if not reference.names:
        return list(results.where(method="flow"))
    name = str(reference.names[0])
    analyses = {row.analysis for row in results}
    if name in analyses:
        return list(results.where(analysis=name))
    of_endpoint = {
        analysis.name
        for analysis in study.file.analysis
        if getattr(analysis, "endpoint", None) == name and not getattr(analysis, "reverse", False)
    }
    if of_endpoint:
        return [row for row in results if row.analysis in of_endpoint]
    known = sorted(analyses | {endpoint.name for endpoint in study.file.endpoint})
    raise NotFoundError(f"no analysis or endpoint {shown(name)}; {one_of(known)}", did_you_mean(name, known))


def _of_statistic(reference: Reference, rows: Sequence[Statistic], wanted: Sequence[str]) -> list[Statistic]:
    for statistic in wanted:
        if found := [row for row in rows if row.statistic == statistic]:
            return found
    there = sorted({row.statistic for row in rows})
    words = [word for word, term in TERMS.items() if set(term.statistics) & set(there)]
    options = there if reference.word == "value" else words
    raise NotFoundError(f"has no {' or '.join(wanted)}; {one_of(options)}", did_you_mean(str(wanted[0]), there))


def _chosen(reference: Reference, rows: Sequence[Statistic], study: Study) -> list[Statistic]:
    """The rows that meet every criterion that is given."""
    found = list(rows)
    for key in ("model", "population", "variable", "group", "level", "months"):
        if key in reference.criteria:
            found = _meeting(key, reference.criteria[key], found, study)
    return found


def _meeting(key: str, wanted: object, rows: Sequence[Statistic], study: Study) -> list[Statistic]:
    if key == "months":
        days = float(str(wanted)) * study.file.time.month_days if _is_number(wanted) else -1.0
        found = [row for row in rows if row.time is not None and abs(row.time - days) <= _SHOWN_DAYS]
        there = _months(rows, study)
        if isinstance(wanted, str):
            raise NotFoundError(
                "months is a number without quotation marks", f"e.g. months={there[0] if there else 12}"
            )
    else:
        found = [row for row in rows if getattr(row, key) == wanted]
        if not found and key == "variable":
            labels = {variable.label: name for name, variable in study.variables.items()}
            found = [row for row in rows if row.variable == labels.get(str(wanted))]
        there = list(dict.fromkeys(str(getattr(row, key)) for row in rows if getattr(row, key)))
    if found:
        return found
    if not there:
        raise NotFoundError(f"no {key} {shown(wanted)}; the statistic has none", f"leave {key} out")
    raise NotFoundError(f"no {key} {shown(wanted)}; {one_of(there)}", did_you_mean(str(wanted), there))


def _months(rows: Sequence[Statistic], study: Study) -> list[str]:
    """Months at which the rows stand, in order."""
    days = sorted({row.time for row in rows if row.time})
    return list(dict.fromkeys(f"{round(day / study.file.time.month_days, 2):g}" for day in days))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _only(reference: Reference, rows: Sequence[Statistic], study: Study) -> Statistic:
    """The one row that is left, after what is left out of a reference means `all together` where there is such a row."""
    found = [row for row in rows if row.value is not None or row.warning] or list(rows)
    for column in _COLUMNS:
        if _key(column) not in reference.criteria and any(not getattr(row, column) for row in found):
            found = [row for row in found if not getattr(row, column)]
        # A variable without levels is not all variables together.
        if column == "variable" and len({row.variable for row in found}) > 1:
            break
    if len(found) == 1:
        return found[0]
    differing = [column for column in ("analysis", *_COLUMNS) if len({getattr(row, column) for row in found}) > 1]
    # The level of a statistic at a time repeats the time.
    column = "time" if "time" in differing and "level" in differing[:1] else differing[0] if differing else "statistic"
    options = [f'{_key(column)}="{getattr(row, column)}"' for row in found]
    what = f"is ambiguous: {len(found)} rows fit, of several {_PLURALS.get(column, column)}"
    if column == "time":
        raise NotFoundError(what, f"add one of {', '.join(f'months={month}' for month in _months(found, study))}")
    if column == "analysis":
        raise NotFoundError(what, f"name the analysis instead of the endpoint: {one_of(row.analysis for row in found)}")
    raise NotFoundError(what, f"add one of {', '.join(dict.fromkeys(options))}")


def _key(column: str) -> str:
    return "months" if column == "time" else column


_PLURALS = {
    "analysis": "analyses", "model": "models", "group": "groups", "variable": "variables", "level": "levels",
    "population": "populations", "time": "times",
}  # fmt: skip


def _count_percent(row: Statistic) -> str:
    """`94/193 (48.7%)`, from a percentage and its denominator."""
    if row.value is None or row.denominator is None:
        return formats.NOT_ESTIMABLE
    n = (
        row.n
        if row.n is not None and row.n <= row.denominator and _fits(row.n, row)
        else round(row.value * row.denominator / 100)
    )
    decimals = formats.percent_decimals([row.denominator])
    return f"{formats.count(n)}/{formats.count(row.denominator)} ({formats.percent(row.value, decimals)}%)"


def _fits(n: int, row: Statistic) -> bool:
    return row.denominator is not None and abs(100 * n - (row.value or 0.0) * row.denominator) < 0.01 * row.denominator
