"""From the study's declarations to the factors, grids and strata of specifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.estimators.contract import Factor
from cohortium.estimators.grid import Grid
from cohortium.study.variables import SITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.study.study import Study


def factor_of(study: Study, name: str) -> Factor:
    """A categorical variable with its declared levels."""
    variable = study.variable(name)
    return Factor(name, tuple(level.code for level in variable.levels), tuple(level.label for level in variable.levels))


def followup_grid(study: Study) -> Grid:
    """Whole days up to the declared horizon."""
    return Grid.whole(study.file.time.horizon_days)


def strata_of(study: Study, names: Sequence[str]) -> tuple[Factor, ...]:
    """The factors whose combinations are the strata."""
    return tuple(factor_of(study, name) for name in names)


def is_nested(names: Sequence[str]) -> bool:
    """Whether strata lie inside sites, which is sure when the site is one of them."""
    return SITE in names


def strata_label(study: Study, names: Sequence[str]) -> str:
    """`stratified by institution`; empty without strata."""
    if not names:
        return ""
    return "stratified by " + " and ".join(study.variable(name).label.lower() for name in names)
