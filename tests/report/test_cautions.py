"""What stands at the head of the report: whom a warning concerns, and how far a time grid can lead astray."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cohortium.report.cautions import (
    LEFT_OUT,
    NOT_ESTIMATED,
    NOT_USED,
    ON_GRID,
    SINGLE_PATIENTS,
    WITH_CARE,
    Caution,
    CautionGroup,
    cautions,
)
from cohortium.report.findings.comparisons import comparisons
from cohortium.report.labels import full_title
from cohortium.report.tables.regression import build as regression
from cohortium.report.tables.survival import build as survival
from cohortium.results import Results, Statistic
from cohortium.study.analyses import Cox, LogRank
from cohortium.study.model import StudyFile


def changed(study, **sections):
    file = study.file.model_dump()
    return replace(study, file=StudyFile.model_validate({**file, **sections}))


@pytest.fixture
def weekly(study):
    """Two Cox models and two tests, some of one title."""
    models = [
        {"name": "one", "method": "cox", "endpoint": "os", "covariates": ["age"]},
        {"name": "two", "method": "cox", "endpoint": "os", "covariates": ["age", "ecog"]},
        {"name": "test", "method": "logrank", "endpoint": "os", "by": "sex", "test": "peto-peto"},
        {"name": "inside", "method": "logrank", "endpoint": "os", "by": "sex", "strata": ["site"]},
        {"name": "km", "method": "kaplan-meier", "endpoint": "os", "by": "sex", "at_months": [12, 24]},
    ]
    time = {**study.file.time.model_dump(), "grid": "weeks"}
    return changed(study, analysis=models, time=time, table=(), figure=())


def bound(analysis, method, level, value, **more):
    return Statistic(analysis, method, "grid-bound", value, level=level, **more)


def warned(analysis, text, method="cox", statistic="model-n", **more):
    return Statistic(analysis, method, statistic, 1.0, warning=text, **more)


def lines(study, *rows):
    return [caution for group in cautions(study, Results(rows)) for caution in group.cautions]


def test_bounds_name_what_they_are_of(weekly):
    rows = [
        bound("two", "cox", "coefficient", 0.002, variable="age"),
        bound("two", "cox", "coefficient, 2", 0.05, variable="ecog"),
        bound("two", "cox", "coefficient", 0.004, variable="age", model="univariable"),
        bound("km", "kaplan-meier", "survival", 0.0073, group="Male"),
        bound("km", "kaplan-meier", "survival-at", 0.011, group="Male", time=365.25),
        bound("km", "kaplan-meier", "quantile 0.25", 6.0, group="Male", unit="days"),
    ]
    head = "Follow-up is counted in weeks; largest possible differences from whole days:"
    (group,) = cautions(weekly, Results(rows))
    assert group.heading == ON_GRID
    assert [caution.said[0][0] for caution in group.cautions] == [
        f"{head} coefficient of age 0.0040, coefficient of ECOG performance status, 2 0.050.",
        f"{head} survival at the end of a week 0.0073, survival at the given months 0.011, 25% quantile 6.0 days.",
    ]


def test_whole_days_kept_inside_sites_need_no_caution(weekly):
    rows = [bound("inside", "logrank", "expected", 0.0, group=group) for group in ("Male", "Female")]
    assert cautions(weekly, Results(rows)) == ()


def test_what_has_no_bound_is_said_with_the_reason(weekly):
    why = "not bounded for a test that weights the times"
    row = bound("test", "logrank", "expected", None, warning=why)
    said = f"Follow-up is counted in weeks; the difference from whole days is {why}."
    caution = Caution(("Overall survival by sex, Peto-Peto test",), ((said, ()),))
    assert cautions(weekly, Results([row])) == (CautionGroup(ON_GRID, (caution,)),)


def test_analyses_of_one_title_share_a_warning_or_are_named(weekly):
    text = "3 patients left out: a value not known"
    subject = "Overall survival, Cox regression, unstratified"
    (shared,) = lines(weekly, warned("one", text), warned("two", text))
    assert shared == Caution((subject,), ((f"{text}.", ()),))
    (single,) = lines(weekly, warned("two", text))
    assert single.subjects == (f"{subject} (two)",)


def test_the_gravest_come_first_whatever_the_order_of_the_table(weekly):
    rows = [
        warned("one", "3 patients left out: a value not known"),
        warned("km", "each bar is one patient", "waterfall", "bars"),
        warned("two", "a cell of the table is small"),
        replace(warned("two", "separation"), value=None),
        warned("flow", "the decision expired", "flow", "site-refused", level="Riverbend"),
    ]
    headings = [group.heading for group in cautions(weekly, Results(rows))]
    assert headings == [NOT_USED, NOT_ESTIMATED, WITH_CARE, SINGLE_PATIENTS, LEFT_OUT]


def test_a_refused_site_is_said_once_and_not_at_every_analysis_without_it(weekly):
    refusal = warned("flow", "the decision expired", "flow", "site-refused", level="Riverbend")
    nobody = warned("km", "no patients", "site-outcomes", "percent", level="Riverbend")
    ((caution,),) = [group.cautions for group in cautions(weekly, Results([nobody, refusal]))]
    assert caution == Caution(("Riverbend",), (("The decision expired.", ()),))


def test_patients_of_a_site_are_said_with_those_of_all(weekly):
    of_site = [warned("km", "1 patient left out: value not known", "site-outcomes", "n", level=name) for name in "AB"]
    of_all = warned("km", "2 patients left out: value not known", "site-outcomes", "n")
    (caution,) = lines(weekly, *of_site, of_all)
    assert caution.said == (("2 patients left out: value not known.", ()),)
    (alone,) = lines(weekly, *of_site)
    assert alone.said == (("1 patient left out: value not known.", ()),)


def test_many_terms_of_a_model_are_counted(weekly):
    text = "2 patients left out: a value not known"
    rows = [warned("two", text, model="univariable", variable=name) for name in ("age", "sex", "ecog", "weight_loss")]
    (caution,) = lines(weekly, *rows)
    assert caution.said == ((f"{text}.", ("univariable, 4 terms",)),)
    (caution,) = lines(weekly, *rows[:2])
    assert caution.said == ((f"{text}.", ("univariable, Age, Sex",)),)


def test_who_is_left_out_for_an_unknown_group_is_in_none(weekly):
    rows = [
        warned("km", "4 patients left out: group not known", "kaplan-meier", "n", group="Male"),
        warned("km", "no patients in this group", "kaplan-meier", "n", group="Female"),
    ]
    found = {
        group.heading: [caution.said[0][1] for caution in group.cautions] for group in cautions(weekly, Results(rows))
    }
    assert found == {LEFT_OUT: [()], WITH_CARE: [("Female",)]}


def test_survival_at_a_time_is_named_by_its_time(weekly):
    rows = [
        Statistic("km", "kaplan-meier", "survival-at", None, group=group, level="24 months", warning="nobody at risk")
        for group in ("Male", "Female")
    ]
    rows.append(Statistic("km", "kaplan-meier", "restricted-mean-difference", 1.0, group="Female v Male"))
    ((heading, (caution,)),) = [(group.heading, group.cautions) for group in cautions(weekly, Results(rows))]
    assert (heading, caution.said) == (NOT_ESTIMATED, (("Nobody at risk.", ("24 months",)),))


def test_how_follow_up_is_counted_is_no_part_of_the_name_of_a_test():
    note = "Log-rank test; follow-up counted in {}"
    for unit, said in (("weeks", ("Follow-up counted in weeks.",)), ("whole days inside sites", ())):
        row = Statistic("test", "logrank", "p-value", 0.2, format="p", note=note.format(unit))
        trend = replace(row, statistic="trend-p", note=f"{note.format(unit)}, trend with scores 1, 2")
        overall, by_trend = comparisons(Results([row, trend]), "test")
        assert (overall.name, overall.warnings) == ("Log-rank test", said)
        assert by_trend.name == "Log-rank test, trend with scores 1, 2"


def test_titles_name_the_test_and_the_cause(wide_study):
    test = LogRank(name="t", method="logrank", endpoint="os", by="sex", test="gehan-breslow", strata=("site",))
    assert full_title(wide_study, test) == "Overall survival by sex, Gehan-Breslow test stratified by institution"
    cox = Cox(name="c", method="cox", endpoint="first", cause="Relapse", covariates=("age",))
    assert full_title(wide_study, cox) == "Relapse or death, Cox regression of relapse, unstratified"


def test_a_table_of_models_with_different_intervals_says_which_has_which(weekly, results):
    models = [
        {"name": "one", "method": "cox", "endpoint": "os", "covariates": ["age"], "confidence": 0.9},
        {"name": "two", "method": "cox", "endpoint": "os", "covariates": ["age"]},
    ]
    table = {"name": "t", "kind": "regression", "title": "T", "analyses": ["one", "two"]}
    both = changed(weekly, analysis=models, table=[table])
    rows = [replace(row, analysis=name) for name in ("one", "two") for row in results.where(analysis="cox")]
    notes = regression(both, Results(rows), both.file.table[0]).footnotes
    assert [note for note in notes if note.endswith("covariates: Age; 90% CI.")]
    assert [note for note in notes if note.endswith("covariates: Age; 95% CI.")]


def test_a_table_of_curves_with_different_intervals_says_which_has_which(weekly, results):
    curves = [
        {"name": "km", "method": "kaplan-meier", "endpoint": "os", "by": "sex", "label": "First"},
        {"name": "plain", "method": "kaplan-meier", "endpoint": "os", "by": "sex", "label": "Second",
         "interval": "plain", "confidence": 0.9},
    ]  # fmt: skip
    table = {"name": "t", "kind": "survival", "title": "T", "analyses": ["km", "plain"]}
    both = changed(weekly, analysis=curves, table=[table])
    rows = [replace(row, analysis=name) for name in ("km", "plain") for row in results.where(analysis="os-sex")]
    notes = survival(both, Results(rows), both.file.table[0]).footnotes
    assert {"First: 95% CI, log-log.", "Second: 90% CI, plain."} <= set(notes)
