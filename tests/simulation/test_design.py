import pytest
from pydantic import ValidationError

from cohortium.errors import StudyFileError, UsageError
from cohortium.simulation import REFERENCE, simulate
from cohortium.simulation.design.read import read_design
from cohortium.simulation.design.scale import scaled, shared_out
from cohortium.simulation.design.text import design_text
from cohortium.simulation.plan.seats import seats_of


def test_the_built_in_design_survives_its_file(tmp_path):
    path = tmp_path / "design.toml"
    path.write_text(design_text(REFERENCE), encoding="utf-8")
    assert read_design(path) == REFERENCE


def test_every_problem_of_a_design_is_told_at_once_with_its_line(tmp_path):
    path = tmp_path / "design.toml"
    text = (
        design_text(REFERENCE)
        .replace("share_women = 0.47", "share_woman = 0.47")
        .replace("pfs_months = 1.4", 'pfs_months = "long"')
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyFileError) as raised:
        read_design(path)
    assert len(raised.value.problems) == 2
    assert all(problem.where.startswith("design.toml:") for problem in raised.value.problems)
    assert any("did you mean 'share_women'" in str(problem) for problem in raised.value.problems)


def test_habits_that_are_not_known_are_named(tmp_path):
    path = tmp_path / "design.toml"
    path.write_text(design_text(REFERENCE).replace('habits = "terse"', 'habits = "ters"'), encoding="utf-8")
    with pytest.raises(StudyFileError, match="did you mean 'terse'"):
        read_design(path)
    with pytest.raises(ValueError, match="ters"):
        simulate(REFERENCE.model_copy(update={"site": (REFERENCE.site[0].model_copy(update={"habits": "ters"}),)}), 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"site": REFERENCE.site[1:]}, "do not add up to the groups' patients"),
        ({"group": (REFERENCE.group[0], *REFERENCE.group[:2])}, "same group twice"),
        ({"prior_bcma": {**REFERENCE.prior_bcma.counts(), "other": 6}}, "do not add up to the groups' n_prior_bcma"),
    ],
)
def test_designs_that_contradict_themselves_are_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        type(REFERENCE).model_validate({**REFERENCE.model_dump(), **change})


def test_seats_have_the_exact_counts_whatever_the_seed():
    for seed in (1, 2):
        seats = [seat for seat in seats_of(REFERENCE, seed) if not seat.is_extra]
        assert sum(seat.plasmacytoma == "emd" for seat in seats) == 109
        assert sum(seat.is_responder and seat.has_prior_bcma for seat in seats) == 94


def test_a_scaled_design_adds_up():
    for n, sites in ((60, 3), (1000, 20), (31, 31)):
        design = scaled(REFERENCE, n, sites)
        assert (design.n_patients, sum(not site.is_extra for site in design.site)) == (n, sites)
        assert len({site.id for site in design.site}) == len(design.site) == sites + 2
        assert type(design).model_validate(design.model_dump()) == design
    assert scaled(REFERENCE, None, None) is REFERENCE


@pytest.mark.parametrize(("n", "sites"), [(29, None), (40, 41), (None, 0)])
def test_too_small_designs_are_refused(n, sites):
    with pytest.raises(UsageError, match="at least 30 patients"):
        scaled(REFERENCE, n, sites)


def test_largest_remainders():
    assert shared_out([1, 1, 1], 10) == [4, 3, 3]
    assert shared_out([0, 5], 3) == [0, 3]
