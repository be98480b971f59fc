"""What stands below curves adds up, curves end where asked, groups are named at their ends; the rules that keep it so."""

from dataclasses import replace

import pytest
from matplotlib.text import Text

from cohortium.errors import OutputError
from cohortium.report.build import FIGURES
from cohortium.report.figures.steps import track
from cohortium.report.findings.curves import Curve, curves, refuse_unless_accounted
from cohortium.report.journal_style import printed_in
from cohortium.report.methods.numbers import number_sentences

FIVE = Curve(
    label="Five",
    time_days=(1.0, 2.0, 4.0, 7.0),
    survival=(0.8, 0.6, 0.6, 0.0),
    lower=(None,) * 4,
    upper=(None,) * 4,
    n_at_risk=(5, 4, 3, 1),
    n_event=(1, 1, 0, 1),
    n_censored=(0, 0, 2, 0),
    n=5,
    n_events=3,
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(0.0, (5, 0, 0)), (1.0, (5, 0, 0)), (1.5, (4, 0, 1)), (4.0, (3, 0, 2)), (4.5, (1, 2, 2)), (8.0, (0, 2, 3))],
)
def test_at_risk_censored_and_events_by_hand(day, expected):
    assert (FIVE.at_risk(day), FIVE.censored_before(day), FIVE.events_before(day)) == expected


def test_numbers_that_do_not_add_up_are_refused():
    refuse_unless_accounted([FIVE], "os")
    with pytest.raises(OutputError) as raised:
        refuse_unless_accounted([replace(FIVE, n_censored=(0, 0, 1, 0))], "os")
    assert str(raised.value.problems[0]) == "os: Five: at risk, censored and events add up to 4, expected 5 patients"


def test_a_curve_ends_after_the_last_time_with_enough_at_risk():
    cut = FIVE.until_fewer_than(4)
    assert track(cut).x == (0.0, 1.0, 2.0)
    assert cut.n == 5
    assert FIVE.until_fewer_than(1) == FIVE


def test_kmunicate_figure_adds_up_at_every_tick_and_names_groups_at_their_ends(study, results):
    spec = next(figure for figure in study.file.figure if figure.kind == "kaplan-meier" and figure.tests)
    asked = spec.model_copy(update={"risk_table": "kmunicate", "direct_labels": True, "stop_below": 20})
    made = FIGURES["kaplan-meier"](study, results, asked)
    words = [text.get_text() for text in made.figure.findobj(Text)]
    found = curves(results, spec.analysis)
    assert words.count("At risk") == words.count("Censored") == words.count("Events") == len(found)
    # The key, the table below and the end of the curve.
    assert all(words.count(curve.label) == 3 for curve in found)
    assert "Curves end where fewer than 20 patients are at risk; the data go on." in made.caption
    assert len(made.data) == 1 + sum(1 + len(curve.time_days) for curve in found)


def test_the_methods_say_the_rule_of_the_style():
    def said(name):
        with printed_in(name):
            return next(line for line in number_sentences({"cox"}) if "-values have" in line)

    assert said("default") == (
        "p-values have two decimals, and three where they are below 0.01 or two would print 0.05; "
        "a p-value below 0.001 is printed as <0.001, one that would round to 1 as >0.99."
    )
    assert said("jama") == (
        "P-values have two decimals, and three where they are below .01 or two would round them up to .05; "
        "a P-value below .001 is printed as <.001, one that would round to 1 as >.99."
    )
    assert said("lancet") == (
        "p-values have three decimals, and two from 0·10 on; "
        "a p-value below 0·001 is printed as <0·001, one that would round to 1 as >0·99."
    )
