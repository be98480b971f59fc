import csv
import io

import pytest

from cohortium.errors import UsageError
from cohortium.simulation.defects.kinds import KINDS
from cohortium.simulation.defects.plant import NO_DEFECTS
from cohortium.simulation.defects.wanted import wanted_defects
from cohortium.simulation.sites.known import HABITS


def rows_of(made, name):
    site = name.split("/")[1]
    habits = next(HABITS[one.habits] for one in made.design.site if one.id == site)
    encoding = "utf-16" if habits.encoding == "utf-16" else habits.encoding
    return list(
        csv.reader(io.StringIO(made.files[name].decode(encoding).split("\n", 1)[1]), delimiter=habits.delimiter)
    )


def test_nothing_is_planted_by_default(reference):
    made, _ = reference
    assert made.planted == ()
    assert made.files["answer-key/simulated-defects.csv"].count(b"\n") == 2


def test_every_kind_is_planted_somewhere(faulty):
    assert {fault.kind for fault in faulty.planted} == set(KINDS)


def test_faults_are_exactly_where_the_key_says(reference, faulty):
    """Against the same study without faults: the cells that differ are those of the key, and no others."""
    clean, _ = reference
    told = {(f"sites/{fault.site}/{fault.file}", fault.line) for fault in faulty.planted}
    found = set()
    for name in clean.files:
        if name.startswith("sites/") and name.endswith(".csv") and clean.files[name] != faulty.files[name]:
            before, after = rows_of(clean, name), rows_of(faulty, name)
            for place, row in enumerate(after):
                if place >= len(before) or row != before[place]:
                    found.add((name, place + 2))  # the comment is line 1
                    if place < len(before):
                        assert sum(a != b for a, b in zip(row, before[place], strict=True)) == 1
                    else:
                        assert row in before  # a row that is repeated
    assert found == told
    assert len(told) == len(faulty.planted)


def test_each_fault_is_another_patient_and_marked_in_the_truth(faulty):
    patients = [fault.patient for fault in faulty.planted]
    assert len(set(patients)) == len(patients)
    text = faulty.files["answer-key/simulated-truth.csv"].decode().split("\n", 1)[1]
    marked = {row["patient"] for row in csv.DictReader(io.StringIO(text)) if row["has_planted_defect"] == "yes"}
    assert marked == set(patients)


def test_what_may_be_asked_for():
    assert wanted_defects("0") == NO_DEFECTS
    assert wanted_defects("3").n_per_site == 3
    assert wanted_defects("wrong-code, no-such-day").kinds == ("wrong-code", "no-such-day")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wrong-cod", "did you mean 'wrong-code'"),
        ("", "nothing is no kind of defect"),
        ("99999", "at most 1000"),
        ("-1", "is no kind of defect"),
    ],
)
def test_what_may_not_be_asked_for(text, message):
    with pytest.raises(UsageError, match=message):
        wanted_defects(text)
