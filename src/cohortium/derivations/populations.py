"""Populations made of the cohort: to whom an endpoint applies, who is at risk at a landmark, episodes of covariates."""

from __future__ import annotations

import polars as pl

from cohortium.derivations.endpoints import applies_column, is_at_risk
from cohortium.derivations.episodes import episodes
from cohortium.derivations.later import with_later
from cohortium.study.analyses import Cox
from cohortium.study.analyses.time_dependent import episodes_of
from cohortium.study.study import Study

RECEIVED, COHORT = "received", "cohort"


def populations(study: Study, cohort: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The rows of every population that a study's endpoints and analyses make, by name.

    cohort   the patients analyzed, with the columns of all endpoints

    An endpoint with `among` has the rows of those to whom it applies, a landmark endpoint of those still at risk then;
    the episodes of an analysis are cut from the rows of its endpoint.
    """
    made: dict[str, pl.DataFrame] = {}
    for endpoint in study.file.endpoint:
        what = study.made(endpoint.name)
        if not what.has_own_patients:
            continue
        stays = pl.col(applies_column(endpoint)) if what.among else pl.lit(value=True)
        if what.landmark is not None:
            stays &= is_at_risk(study, what)
        made[endpoint.name] = with_later(study, cohort.filter(stays.fill_null(value=False)), endpoint.name)
    for analysis in study.file.analysis:
        if isinstance(analysis, Cox) and analysis.time_dependent:
            rows = made.get(analysis.endpoint, cohort)
            dates = [covariate.variable for covariate in analysis.time_dependent]
            since = study.made(analysis.endpoint).landmark_days(study.file.time.month_days)
            from_start = rows.with_columns(pl.col(name) - since for name in dates)
            made[episodes_of(analysis.name)] = episodes(from_start, study.endpoint(analysis.endpoint), dates)
    return made
