"""The simulator's truth on hand-made courses: values in, categories out."""

import pytest

from cohortium.simulation.course.assessment import Assessment
from cohortium.simulation.truth.confirmation import truth_of
from cohortium.simulation.truth.kaplan_meier import median_months, reversed_roles, survival_at
from cohortium.simulation.truth.outcome import DAYS_PER_MONTH, Followed

NAMES = {
    "s": "serum-m-protein", "u": "urine-m-protein", "k": "flc-kappa", "l": "flc-lambda", "bm": "marrow-plasma-cells",
    "spd": "plasmacytoma-spd", "ld": "plasmacytoma-longest-diameter", "sa": "plasmacytoma-short-axis",
    "sife": "serum-immunofixation", "uife": "urine-immunofixation", "clone": "marrow-clonal-cells", "img": "imaging",
}  # fmt: skip
BASE = {"u": 0, "sife": "positive", "uife": "negative", "k": 5.0, "l": 0.5, "bm": 40}
FLC = {"s": 0, "u": 0, "sife": "negative", "uife": "negative"}


def course(*visits):
    """Assessments at day 0, 28, 56, ... from short names."""
    rows = []
    for number, visit in enumerate(visits):
        for name, value in visit.items():
            words = isinstance(value, str)
            rows.append(Assessment(28 * number, NAMES[name], None if words else float(value), value if words else ""))
    return rows


def responses(*visits, **more):
    return [visit.response for visit in truth_of(course(*visits), **more).visits]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (2.26, "SD"),
        (2.25, "MR"),
        (1.51, "MR"),
        (1.5, "PR"),
        (0.31, "PR"),
        (0.3, "VGPR"),
        (0.0, "VGPR"),
        (3.5, "PD"),
        (3.49, "SD"),
    ],
)
def test_serum_m_protein_at_each_threshold(amount, expected):
    visit = {"s": amount, "u": 0, "sife": "positive", "uife": "negative"}
    # 3.5 is a quarter more than 2.8.
    baseline = {**BASE, "s": 2.8 if amount > 3 else 3.0}
    assert responses(baseline, visit)[0] == expected


@pytest.mark.parametrize(
    ("urine", "expected"),
    [(1001, "SD"), (1000, "MR"), (201, "MR"), (200, "PR"), (100, "PR"), (99, "VGPR"), (2500, "PD"), (2499, "SD")],
)
def test_urine_m_protein_at_each_threshold(urine, expected):
    baseline = {**BASE, "s": 0, "sife": "negative", "u": 2000, "uife": "positive"}
    assert responses(baseline, {"s": 0, "sife": "negative", "u": urine, "uife": "positive"})[0] == expected


@pytest.mark.parametrize(
    ("kappa", "expected"), [(20.5, "PR"), (20.51, "SD"), (4.5, "VGPR"), (4.51, "PR"), (50.5, "SD"), (50.51, "PD")]
)
def test_light_chains_count_where_there_is_no_m_protein(kappa, expected):
    # 40 mg/dL at baseline: half is 20, a tenth is 4, progression is more than 10 more.
    assert responses({**FLC, "k": 40.5, "l": 0.5, "bm": 20}, {**FLC, "k": kappa, "l": 0.5})[0] == expected


def test_light_chains_are_not_progression_beside_m_protein():
    baseline, visit = {**BASE, "s": 3.0, "k": 50}, {"s": 3.0, "u": 0, "k": 150, "l": 0.5}
    assert responses(baseline, visit) == ["SD"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"bm": 4, "clone": "negative", "k": 1.0, "l": 1.0}, "sCR"),
        ({"bm": 4, "clone": "negative", "k": 1.66, "l": 1.0}, "CR"),
        ({"bm": 4, "clone": "positive", "k": 1.0, "l": 1.0}, "CR"),
        ({"bm": 5, "clone": "negative", "k": 1.0, "l": 1.0}, "VGPR"),
        ({"k": 1.0, "l": 1.0}, "VGPR"),
        ({"bm": 4, "k": 1.0, "l": 1.0, "sife": "positive"}, "VGPR"),
    ],
)
def test_complete_response_needs_immunofixation_and_marrow(more, expected):
    visit = {"s": 0, "u": 0, "sife": "negative", "uife": "negative", **more}
    assert responses({**BASE, "s": 3.0}, visit) == [expected]


def test_marrow_stands_until_it_is_examined_again():
    clean = {"s": 0, "u": 0, "sife": "negative", "uife": "negative", "k": 3.0, "l": 1.0}
    assert responses({**BASE, "s": 3.0}, clean, {**clean, "bm": 2}, clean) == ["VGPR", "CR", "CR"]


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        ({"s": 0.2}, "PR"),
        ({"s": 1.8}, "MR"),
        ({"u": 0, "uife": "negative"}, "NE"),
    ],
)
def test_a_missing_test_lowers_the_level(visit, expected):
    assert responses({**BASE, "s": 3.0}, visit) == [expected]


@pytest.mark.parametrize(
    ("size", "expected"), [(5.0, "VGPR"), (5.1, "SD"), (0.0, "VGPR"), (15.0, "PD"), (14.9, "SD"), (None, "PR")]
)
def test_plasmacytomas_limit_the_level(size, expected):
    visit = {"s": 0.2, "u": 0, "sife": "positive", **({} if size is None else {"spd": size})}
    assert responses({**BASE, "s": 3.0, "spd": 10.0}, visit) == [expected]


def test_a_longer_lesion_is_progression_when_it_was_wide_enough():
    wide, narrow = {"ld": 3.0, "sa": 1.1}, {"ld": 3.0, "sa": 1.0}
    visit = {"s": 2.9, "u": 0, "ld": 4.5, "sa": 1.0}
    assert responses({**BASE, "s": 3.0, **wide}, visit) == ["PD"]
    assert responses({**BASE, "s": 3.0, **narrow}, visit) == ["SD"]


def serum(*amounts):
    return [{"s": amount, "u": 0, "sife": "positive", "uife": "negative"} for amount in amounts]


def test_progression_is_counted_from_a_lowest_value_that_a_second_one_bears_out():
    # A single 0.4 is not borne out: 0.9 is 0.5 above it, and 0.1 below the 1.0 before it.
    assert responses({**BASE, "s": 3.0}, *serum(1.0, 0.4, 0.9))[-1] == "PR"


def test_a_confirmed_lowest_value_counts():
    truth = truth_of(course({**BASE, "s": 3.0}, *serum(0.4, 0.4, 0.9, 1.0)))
    assert (truth.progression, truth.best_confirmed) == (84, "PR")


@pytest.mark.parametrize(
    ("amounts", "confirmed", "reported"),
    [
        ((1.2, 1.2), "PR", "PR"),
        ((1.2,), "SD", "PR"),
        ((1.2, 2.0), "MR", "PR"),
        ((1.2, 2.9), "SD", "PR"),
        ((0.2, 1.2, 0.2), "PR", "VGPR"),
        ((1.2, 3.6), "SD", "PR"),
        ((3.9,), "NE", "PD"),
        ((3.9, 4.0), "PD", "PD"),
        ((2.9, 3.9, 4.0), "SD", "SD"),
    ],
)
def test_confirmation_by_the_next_assessment(amounts, confirmed, reported):
    truth = truth_of(course({**BASE, "s": 3.0}, *serum(*amounts)))
    assert (truth.best_confirmed, truth.best_reported) == (confirmed, reported)


def test_progression_on_imaging_and_with_death_needs_no_second_look():
    visits = [{**BASE, "s": 3.0}, *serum(2.9, 3.9)]
    assert truth_of(course(*visits)).progression is None
    assert truth_of(course(*visits), died_of_progression=True).progression == 56
    visits[-1] = {**serum(2.9)[0], "img": "new"}
    truth = truth_of(course(*visits))
    assert (truth.progression, truth.visits[-1].basis) == (56, "imaging")


def test_nothing_counts_after_new_therapy_but_a_second_look_at_progression():
    visits = course({**BASE, "s": 3.0}, *serum(2.9, 3.9, 4.0, 0.1, 0.1))
    truth = truth_of(visits, new_therapy=70)
    assert (truth.progression, truth.best_confirmed) == (56, "SD")
    early = truth_of(course({**BASE, "s": 3.0}, *serum(1.2, 1.2)), new_therapy=40)
    assert early.best_confirmed == "SD"


def test_what_is_flagged_as_spurious_is_not_used():
    rows = [*course({**BASE, "s": 3.0}, *serum(1.2, 1.2)), Assessment(56, "serum-m-protein", 9.0, is_spurious=True)]
    assert truth_of(rows).best_confirmed == "PR"


def test_kaplan_meier_by_hand():
    # Survival 3/4 at 1 month, 3/8 at 3 months.
    month = DAYS_PER_MONTH * 4
    times = [Followed(round(month), is_event=True), Followed(round(2 * month), is_event=False)]
    times += [Followed(round(3 * month), is_event=True), Followed(round(4 * month), is_event=False)]
    assert median_months(times) == pytest.approx(12, abs=0.02)  # whole days
    assert survival_at(times, 5) == 0.75
    assert survival_at(times, 1) == 1.0
    assert median_months(reversed_roles(times)) == pytest.approx(16, abs=0.02)
    assert median_months(times[:2]) == pytest.approx(4, abs=0.02)
    assert median_months([Followed(5, is_event=False)]) is None
