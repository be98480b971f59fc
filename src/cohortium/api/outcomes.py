"""Outcomes as the functions take them: a label with the levels that count, of one column or of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from cohortium.api.levels import label_of
from cohortium.errors import UsageError
from cohortium.estimators.proportions.outcome import Outcome
from cohortium.study.suggest import did_you_mean, one_of

if TYPE_CHECKING:
    from cohortium.estimators.contract import Factor

Levels: TypeAlias = "Any | Sequence[Any]"


def levels_of(argument: str, levels: Levels, factor: Factor) -> tuple[str, ...]:
    """Codes of the levels that are named, one or several; UsageError when the column has no such level."""
    given = [levels] if isinstance(levels, str) or not isinstance(levels, list | tuple | set) else list(levels)
    named = [label_of(level) for level in given]
    if not named:
        raise UsageError(f"{argument}: no level is named; {one_of(factor.codes)}")
    for name in named:
        if name not in factor.codes:
            hint = did_you_mean(name, factor.codes)
            what = f"{argument}: {factor.name} has no level {name!r}; {one_of(factor.codes)}"
            raise UsageError(f"{what} ({hint})" if hint else what)
    return tuple(code for code in factor.codes if code in named)


def columns_of(outcomes: Any, variable: str | None) -> dict[str, tuple[str, Levels]]:
    """The column and levels of each label, from `{label: levels}` or `{label: {column: levels}}`."""
    if not isinstance(outcomes, Mapping) or not outcomes:
        raise UsageError('outcomes: expected labels with levels, such as {"Overall response": ["CR", "PR"]}')
    found: dict[str, tuple[str, Levels]] = {}
    for label, given in outcomes.items():
        if isinstance(given, Mapping):
            if len(given) != 1:
                raise UsageError(f"outcomes: {label}: expected one column with its levels, got {len(given)}")
            ((column, levels),) = given.items()
            found[label] = str(column), levels
        elif variable is None:
            raise UsageError(f"outcomes: {label}: name its column, by variable or as {{column: levels}}")
        else:
            found[label] = variable, given
    return found


def outcome(label: str, factor: Factor, levels: Levels, not_evaluable: Levels = ()) -> Outcome:
    """The outcome of that label."""
    unknown = levels_of("not_evaluable", not_evaluable, factor) if not_evaluable else ()
    return Outcome(label, factor, levels_of(f"outcomes: {label}", levels, factor), unknown)
