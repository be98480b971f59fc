"""`cox_table` and `subgroup_effects`: several Cox models in one call, as a paper reports them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from cohortium.api.cox_model import Model, Roles, cox_model
from cohortium.api.frames import run_over
from cohortium.errors import EstimationError, UsageError
from cohortium.estimators.contract import Task
from cohortium.estimators.cox.tabulate import tabulate
from cohortium.estimators.regression.terms import FactorTerm, ProductTerm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from cohortium.api.frames import Frames
    from cohortium.estimators.cox.spec import CoxSpec
    from cohortium.results import Statistic

UNIVARIABLE, MULTIVARIABLE, SUBGROUP = "univariable", "multivariable", "subgroup"
_NAME = "cox"
_FLOATS = ("hazard_ratio", "lower", "upper", "p_value")


def cox_table(frame: Frames, *, time: str, event: str, covariates: Sequence[str], **options: Any) -> pl.DataFrame:
    """Fit each covariate alone, then all together: the table of a regression as papers print it.

    frame, time, event, covariates, and all other arguments as of `cox`; interactions enter the multivariable model.

    Returns a row per number, level, knot and product: model (`univariable` or `multivariable`), variable, level, n,
    events, hazard_ratio, lower, upper, p_value, and what a reader must know (note, warning). A reference level has
    hazard ratio 1 and the note `reference`.

    Leaves the site: what `cox` sends, for all models in the same rounds.

    Raises
        UsageError: as `cox`.
        EstimationError: the multivariable model has no rows, no events, or does not converge.

    References: as `cox`.

    >>> import polars as pl
    >>> from cohortium import cox_table
    >>> frame = pl.DataFrame({"day": [1, 1, 6, 6, 8, 9], "died": [1, 0, 1, 1, 0, 1], "x": [1, 1, 1, 0, 0, 0]})
    >>> cox_table(frame, time="day", event="died", covariates=["x"])["hazard_ratio"].round(4).to_list()
    [5.3487, 5.3487]
    """
    model = _model(frame, time, event, covariates, options)
    alone = [replace(model.spec, terms=(model.mains[name],)) for name in covariates]
    tasks = [_task(spec, UNIVARIABLE, name) for spec, name in zip(alone, covariates, strict=True)]
    tasks.append(_task(model.spec, MULTIVARIABLE))
    estimates = run_over(model.sites.rows(), tasks)
    if problem := estimates[MULTIVARIABLE].problem:
        raise EstimationError(f"Cox model: {problem}")
    return pl.concat([_lines(tabulate(task, estimates[task.key]), task.model) for task in tasks])


@dataclass(frozen=True)
class SubgroupEffects:
    """The effect of one covariate in subgroups; `statistics` are the rows of the results table."""

    statistics: tuple[Statistic, ...]
    effect: str

    def to_frame(self) -> pl.DataFrame:
        """A row per subgroup: variable, level, n, events, hazard ratio with limits, p_value, interaction_p, warning.

        The first row is of all rows together, where the effect has a single hazard ratio. `interaction_p` is the
        likelihood-ratio test that the ratio is the same in all levels of the variable.
        """
        lines = _lines(self.statistics, SUBGROUP).drop("model", "note")
        tests = {s.variable: s.value for s in self.statistics if s.statistic == "interaction-p"}
        interaction = pl.Series("interaction_p", [tests.get(name) for name in lines["variable"]], dtype=pl.Float64)
        return lines.insert_column(lines.get_column_index("warning"), interaction)

    def plot(self) -> Figure:
        """A forest plot with the tests of interaction, as a matplotlib figure."""
        from cohortium.api.plots import subgroup_forest_figure

        return subgroup_forest_figure(self.statistics, effect=self.effect)

    def __repr__(self) -> str:
        lines = [f"Effect of {self.effect} in subgroups"]
        for row in self.to_frame().iter_rows(named=True):
            name = f"{row['variable']}: {row['level']}" if row["variable"] else "All"
            if row["hazard_ratio"] is None:
                lines.append(f"  {name}  not estimated ({row['warning']})")
                continue
            test = "" if row["interaction_p"] is None else f", p of interaction {row['interaction_p']:.3g}"
            limits = f"({row['lower']:.3g} to {row['upper']:.3g})"
            lines.append(f"  {name}  HR {row['hazard_ratio']:.3g} {limits}{test}")
        return "\n".join(lines)


def subgroup_effects(
    frame: Frames,
    *,
    time: str,
    event: str,
    effect: str,
    by: str | Sequence[str],
    covariates: Sequence[str] = (),
    **options: Any,
) -> SubgroupEffects:
    r"""Estimate the effect of one covariate within the levels of others, and test whether it differs.

    .. math:: \log \mathrm{HR}_g = \beta_{effect} + \beta_{effect \times g}

    effect      column whose hazard ratio is wanted: a number or a category
    by          column or columns whose levels are the subgroups, each in a model of its own with that interaction
    covariates  columns that every model adjusts for
    options     other arguments as of `cox`, without interactions

    Returns `SubgroupEffects`. Each ratio is a contrast within a model of all rows, adjusted for the covariates, and not
    a fit of the subgroup's rows alone.

    Leaves the site: what `cox` sends, for all models in the same rounds.

    Raises
        UsageError: as `cox`; or the effect is a spline, or a subgroup is not a category.
        EstimationError: the model of all rows has no rows, no events, or does not converge.

    References: Pocock, Assmann, Enos and Kasten 2002; Wang, Lagakos, Ware, Hunter and Drazen 2007.

    >>> import polars as pl
    >>> from cohortium import subgroup_effects
    >>> days, died = [5, 8, 9, 11, 14, 20, 21, 30], [1, 1, 0, 1, 1, 0, 1, 1]
    >>> frame = pl.DataFrame({"day": days, "died": died, "arm": list("ABABBABA"), "sex": list("mmffmmff")})
    >>> found = subgroup_effects(frame, time="day", event="died", effect="arm", by="sex").to_frame()
    >>> found["n"].to_list()
    [8, 4, 4]
    """
    groups = [by] if isinstance(by, str) else list(by)
    if not groups or effect in groups or len(set(groups)) < len(groups):
        raise UsageError("by: expected one column or more, each once, other than the effect")
    if "interactions" in options:
        raise UsageError("interactions: each subgroup is an interaction of its own; leave them out")
    if effect in (options.get("splines") or {}):
        raise UsageError(f"effect: {effect} is a spline, which has no single hazard ratio")
    adjusted = [effect, *(name for name in covariates if name != effect)]
    model = _model(frame, time, event, adjusted, {**options, "others": groups})
    tasks = [_task(replace(model.spec, effect=effect), SUBGROUP)]
    tasks += [_task(_with_interaction(model, effect, name), SUBGROUP, name) for name in groups]
    estimates = run_over(model.sites.rows(), tasks)
    if problem := estimates[SUBGROUP].problem:
        raise EstimationError(f"Cox model: {problem}")
    rows = [row for task in tasks for row in tabulate(task, estimates[task.key])]
    return SubgroupEffects(tuple(rows), effect)


def _with_interaction(model: Model, effect: str, name: str) -> CoxSpec:
    by = model.mains[name]
    if not isinstance(by, FactorTerm):
        raise UsageError(f"by: {name} is in the model as a number; expected a column of texts or truth values")
    product = ProductTerm((model.mains[effect], by))
    added = () if any(term is by for term in model.spec.terms) else (by,)
    terms = (*model.spec.terms, *added, product)
    return replace(model.spec, terms=terms, effect=effect, term_tests=True, only_terms=(product.name,))


def _model(frame: Frames, time: str, event: str, covariates: Sequence[str], options: Mapping[str, Any]) -> Model:
    roles = {name: options[name] for name in Roles._fields if name in options}
    rest = {name: value for name, value in options.items() if name not in roles}
    return cox_model(frame, Roles(time, event, **roles), covariates, **rest)


def _task(spec: CoxSpec, model: str, variable: str = "") -> Task:
    return Task("/".join(filter(None, [model, variable])), "cox", spec, _NAME, model, variable)


def _lines(statistics: Sequence[Statistic], model: str) -> pl.DataFrame:
    """A line per variable and level that has a hazard ratio."""
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for s in statistics:
        line = lines.setdefault((s.variable, s.level), {"variable": s.variable, "level": s.level})
        if s.statistic in ("n", "events"):
            line[s.statistic] = s.value
        elif s.statistic == "hazard-ratio":
            line |= {"hazard_ratio": s.value, "lower": s.lower, "upper": s.upper, "note": s.note, "warning": s.warning}
        elif s.statistic == "p-value":
            line["p_value"] = s.value
    names = ("variable", "level", "n", "events", *_FLOATS, "note", "warning")
    kinds = {**dict.fromkeys(_FLOATS, pl.Float64), "n": pl.Int64, "events": pl.Int64}
    schema = {name: kinds.get(name, pl.String) for name in names}
    shown = [{name: line.get(name) for name in names} for line in lines.values() if "hazard_ratio" in line]
    return pl.DataFrame(shown, schema=schema).select(pl.lit(model).alias("model"), pl.all())
