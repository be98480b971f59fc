"""The grade of laboratory values by one criterion: the lowest and the highest that unknown limits and baselines allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from cohortium.derivations.toxicity.bounds import LEAST, MOST
from cohortium.derivations.toxicity.ctcae_criterion import Criterion, meets, significant
from cohortium.study.quantities import QUANTITIES

if TYPE_CHECKING:
    from cohortium.study.derive.ctcae_laboratory import UnitSystem

NUMBERS = ("value", "lower_limit", "upper_limit", "baseline", "baseline_lower", "baseline_upper")
HIGHEST = 4


def graded(
    rows: pl.DataFrame, criterion: Criterion, system: UnitSystem, *, normal_without_baseline: bool
) -> pl.DataFrame:
    """Rows of a quantity with `least` and `most`.

    rows   `NUMBERS`, in the quantity's own unit, null where not known; a row has a value
    normal_without_baseline   an unknown baseline is within normal limits, and no value is compared with it

    A limit of normal that is missing leaves the grades open that need it: not gradable is not grade 0.
    """
    given = rows.select(NUMBERS)
    if system == "si" and criterion.si_unit:
        factor = QUANTITIES[criterion.quantity].factor(criterion.si_unit)
        given = given.select(pl.col(NUMBERS) / (factor or 1.0))
    base = significant(pl.col("baseline"))
    given = given.with_columns(
        (base > significant(pl.col("baseline_upper"))).alias("baseline_high"),
        (base < significant(pl.col("baseline_lower"))).alias("baseline_low"),
    )
    least, most = _limits(criterion, system, normal_without_baseline=normal_without_baseline)
    found = given.select(least.cast(pl.Int64).alias(LEAST), most.cast(pl.Int64).alias(MOST))
    return rows.with_columns(found.get_columns())


def _limits(criterion: Criterion, system: UnitSystem, *, normal_without_baseline: bool) -> tuple[pl.Expr, pl.Expr]:
    surely: list[pl.Expr] = [pl.lit(0)]
    maybe: list[pl.Expr] = [pl.lit(0)]
    ungradable = pl.lit(False)
    for step in criterion.steps:
        met = meets(step, system, normal_without_baseline=normal_without_baseline)
        if step.grade is None:
            ungradable |= met
            continue
        surely.append(pl.when(met.fill_null(value=False)).then(step.grade).otherwise(0))
        maybe.append(pl.when(met.fill_null(value=True)).then(step.grade).otherwise(0))
    return (
        pl.when(ungradable).then(0).otherwise(pl.max_horizontal(surely)),
        pl.when(ungradable).then(HIGHEST).otherwise(pl.max_horizontal(maybe)),
    )
