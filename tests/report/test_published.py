"""Published numbers beside the study's own: which row, which unit, how near; and how the table prints them."""

from dataclasses import replace

import pytest

from cohortium.errors import OutputError
from cohortium.report.findings.published import reproduced
from cohortium.report.journal_style import printed_in
from cohortium.report.tables import published as table
from cohortium.results import Results, Statistic
from cohortium.study.model import Table
from cohortium.study.published import Published

MONTH = 30.4375


def _published(**more):
    return Published.model_validate(
        {"label": "Women", "analysis": "a", "statistic": "median", "source": "Loprinzi 1994", **more}
    )


@pytest.fixture
def compare(study):
    def compared(row, **more):
        file = study.file.model_copy(update={"published": (_published(statistic=row.statistic, **more),)})
        (one,) = reproduced(replace(study, file=file), Results([row]))
        return one

    return compared


def _median(days, warning=""):
    return Statistic("a", "kaplan-meier", "median", days, unit="days", format="days", warning=warning)


@pytest.mark.parametrize(
    ("days", "value", "within", "is_near"),
    [
        (9 * MONTH, 9.0, 0.0, True),
        (9.31 * MONTH, 9.0, 0.3, False),
        (9.3 * MONTH, 9.0, 0.3, True),
        (8.7 * MONTH, 9.0, 0.3, True),
        (8.69 * MONTH, 9.0, 0.3, False),
    ],
)
def test_times_are_compared_in_months(compare, days, value, within, is_near):
    assert compare(_median(days), value=value, within=within).is_near is is_near


def test_not_reached_agrees_with_not_reached_only(compare):
    assert compare(_median(None, "not reached"), value="not reached").is_near
    assert not compare(_median(None, "no patients in this group"), value="not reached").is_near
    assert not compare(_median(300.0), value="not reached").is_near
    assert not compare(_median(None, "not reached"), value=9.0, within=100).is_near


def test_probabilities_are_compared_in_percent(compare):
    row = Statistic("a", "kaplan-meier", "survival-at", 0.61, time=12 * MONTH)
    assert compare(row, value=61.0, months=12).is_near


def test_a_bound_is_not_reached_itself(compare):
    row = Statistic("a", "logrank", "p-value", 0.001, format="p")
    assert not compare(row, below=0.001).is_near
    assert compare(replace(row, value=0.00099), below=0.001).is_near


def test_one_row_is_what_a_number_speaks_of(study):
    rows = [_median(90.0), replace(_median(80.0), variable="x")]
    file = study.file.model_copy(update={"published": (_published(value=3.0),)})
    for several in ([], rows):
        with pytest.raises(OutputError, match="cannot be compared") as raised:
            reproduced(replace(study, file=file), Results(several))
        assert f"{len(several)} rows of the results table" in raised.value.problems[0].what


def test_the_table_prints_counts_and_the_decimals_that_were_published(study):
    published = (
        _published(label="All", heading="Patients", statistic="n", value=385),
        _published(heading="Response, %", statistic="percent", value=38, within=1),
        _published(heading="Survival, months", value=9.54, within=0.3),
        _published(label="p", heading="Survival, months", statistic="p-value", below=0.0001),
    )
    rows = [
        Statistic("a", "baseline", "n", 385.0, format="count"),
        Statistic("a", "response-rates", "percent", 100 * 41 / 109, unit="percent", denominator=109, format="percent"),
        _median(292.0),
        Statistic("a", "logrank", "p-value", 1e-9, format="p"),
    ]
    shown = replace(study, file=study.file.model_copy(update={"published": published}))
    built = table.build(shown, Results(rows), Table(name="t", kind="published", title="Published"))
    assert [(row.stub.text, *(cell.text for cell in row.cells)) for row in built.rows] == [
        ("Patients",),
        ("All", "385", "385", "0", "0", "yes"),
        ("Response, %",),
        ("Women", "38", "41/109 (37.6)", "\N{MINUS SIGN}0.4", "1", "yes"),
        ("Survival, months",),
        ("Women", "9.54", "9.59", "0.05", "0.3", "yes"),
        ("p", "<0.0001", "<0.0001", "\N{EM DASH}", "\N{EM DASH}", "yes"),
    ]
    assert built.rows[1].cells[0].notes == ("Loprinzi 1994.",)


def test_published_numbers_are_printed_in_the_style_in_force(study):
    published = (
        _published(label="Median", value=9.54, within=0.3),
        _published(label="p", statistic="p-value", below=0.0001),
    )
    shown = replace(study, file=study.file.model_copy(update={"published": published}))
    results = Results([_median(292.0), Statistic("a", "logrank", "p-value", 1e-9, format="p")])
    printed = {}
    for style in ("lancet", "jama"):
        with printed_in(style):
            built = table.build(shown, results, Table(name="t", kind="published", title="Published"))
        printed[style] = [[cell.text for cell in row.cells[:2]] for row in built.rows]
    assert printed["lancet"] == [["9\N{MIDDLE DOT}54", "9\N{MIDDLE DOT}59"], ["<0\N{MIDDLE DOT}0001"] * 2]
    assert printed["jama"] == [["9.54", "9.59"], ["<.0001"] * 2]
