"""Adverse events by patient: worst grades, groups, infections, days, what is refused, and the published pilot study."""

import csv
import json

import polars as pl
import pytest
from pydantic import ValidationError

from cohortium.derivations.toxicity import adverse_events
from cohortium.study.derive.adverse_events import AdverseEvents
from derivations.toxicity.made import frame, row, site

LUNG = {"name": "pneumonia", "label": "Pneumonia", "terms": ["Pneumonia"]}


def section(**keys):
    return AdverseEvents(name="ae", label="Adverse event", rule="adverse-events", **keys)


def event(term="pneumonia", grade=None, **more):
    return {"term": term, "grade": grade, "onset": 5, "outcome": "recovered", **more}


def derived(*rows, patients=("A",), **keys):
    return adverse_events(site(list(patients), events=list(rows)), section(**{"groups": [LUNG], **keys}))


def made(*rows, **keys):
    return row(derived(*rows, **keys))


def test_the_worst_grade_of_any_event_and_of_a_group():
    found = made(event(grade=2), event(" PNEUMONIA", grade=3, onset=9), event("rash", grade=4, onset=2))
    assert (found["ae"], found["ae_severe"], found["ae_onset"]) == ("4", "yes", 2)
    assert (found["ae_pneumonia"], found["ae_pneumonia_any"], found["ae_pneumonia_onset"]) == ("3", "yes", 5)


def test_a_patient_without_an_event():
    found = made()
    assert (found["ae"], found["ae_any"], found["ae_pneumonia"], found["ae_onset"]) == ("0", "no", "0", None)
    assert made(without_events="unknown")["ae"] is None


def test_an_unknown_grade_is_some_grade():
    found = made(event(), event(grade=2))
    assert (found["ae"], found["ae_any"], found["ae_severe"], found["ae_at_least"]) == (None, "yes", None, 2)
    assert made(event(), event(grade=4))["ae"] == "4"
    assert made(event(outcome=None), event(grade=4))["ae"] is None
    assert made(event(grade=5, outcome="fatal"), event())["ae"] == "5"


def test_days():
    rows = (event(grade=4, onset=-1), event(grade=3, onset=100), event(grade=2, onset=30))
    assert made(*rows)["ae"] == "3"
    assert made(*rows, to_day=99)["ae"] == "2"
    assert made(*rows, from_day=-5)["ae"] == "4"
    assert made(event(grade=2, onset=None), to_day=99)["ae_at_least"] == 0
    assert made(event(grade=2, onset=None))["ae"] == "2"


def test_events_with_another_cause():
    rows = (event(grade=2), event(grade=3, attributed=False))
    assert (made(*rows)["ae"], made(*rows, not_attributed="counts")["ae"]) == ("2", "3")


INFECTIONS = [
    {"name": "infection", "label": "Infection", "infection": True},
    {"name": "viral", "label": "Viral infection", "infection": True, "infection_class": "viral"},
    {"name": "lung", "label": "Infection of the lung", "infection": True, "infection_site": "Lung"},
]


def test_infections_by_class_and_site():
    rows = [
        event("covid-19", grade=2, infection_class="viral", infection_site="lung"),
        event("sepsis", grade=4, infection_class="bacterial", infection_site="blood"),
        event("rash", grade=3),
    ]
    found = made(*rows, groups=INFECTIONS)
    assert [found[f"ae_{name}"] for name in ("infection", "viral", "lung")] == ["4", "2", "2"]


@pytest.mark.parametrize("found_class", ["unknown", None])
def test_an_infection_whose_class_is_not_known_may_be_of_a_class(found_class):
    rows = [event("sepsis", grade=4, infection_class=found_class, infection_site="blood")]
    found = made(*rows, groups=INFECTIONS)
    assert (found["ae_infection"], found["ae_viral"], found["ae_viral_at_least"]) == ("4", None, 0)


@pytest.mark.parametrize(
    ("intervention", "outcome", "expected"),
    [
        ("none", "recovered", "1"), ("local", "recovered", "1"), ("oral", "recovered", "2"),
        ("intravenous", "recovered", "3"), ("procedure", "recovered", "3"), ("urgent", "recovered", "4"),
        ("oral", "fatal", "5"), (None, "recovered", None),
    ],
)  # fmt: skip
def test_grade_of_an_infection_by_its_treatment(intervention, outcome, expected):
    grade = 5 if outcome == "fatal" else None
    rows = [event(grade=grade, intervention=intervention, outcome=outcome, infection_class="viral")]
    assert made(*rows, infection_grade="intervention")["ae"] == expected


def test_other_events_keep_the_sites_grade():
    assert made(event("rash", grade=2, intervention="urgent"), infection_grade="intervention")["ae"] == "2"


def test_impossible_grades_are_refused():
    rows = [
        event("febrile neutropenia", grade=2),
        event("Febrile neutropenia", grade=3),
        event("alopecia", grade=3),
        event("alopecia", grade=2),
        event(grade=4, outcome="fatal"),
        event(grade=5, outcome="recovered"),
        event(grade=5, outcome=None),
        event(grade=1, end=4),
    ]
    found = {(f.rule, f.severity, tuple(f.lines)) for f in derived(*rows).findings}
    assert found == {
        ("grade-not-of-term", "error", (2, 4)), ("fatal-not-grade-5", "error", (6,)), ("grade-5-not-fatal", "error", (7,)),
        ("grade-5-without-outcome", "note", (8,)), ("end-before-onset", "error", (9,)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("term", "grade", "expected"),
    [
        ("febrile neutropenia", 1, None), ("febrile neutropenia", 2, None), ("febrile neutropenia", 3, "3"),
        ("febrile neutropenia", 4, "4"), ("alopecia", 1, "1"), ("alopecia", 2, "2"), ("alopecia", 3, None),
        ("alopecia", 4, None),
    ],
)  # fmt: skip
def test_a_refused_grade_is_not_known(term, grade, expected):
    assert made(event(term, grade=grade))["ae"] == expected
    assert made(event(term, grade=grade))["ae_at_least"] == int(expected or (3 if "neutropenia" in term else 1))


def test_a_study_may_refuse_more():
    limits = [{"term": "Nausea", "highest": 3}]
    assert [f.rule for f in derived(event("nausea", grade=4), grade_limits=limits).findings] == ["grade-not-of-term"]
    assert derived(event("nausea", grade=4)).findings == ()


def test_records_hold_each_event_once_for_each_of_its_groups():
    records = derived(event(grade=2), event("rash", grade=1)).records
    pairs = [("pneumonia", "ae"), ("pneumonia", "ae_pneumonia"), ("rash", "ae")]
    assert records.select("term", "group").rows() == pairs


def test_groups_that_cannot_be():
    with pytest.raises(ValidationError):
        section(groups=[LUNG, LUNG])
    with pytest.raises(ValidationError):
        section(groups=[{"name": "x", "label": "X", "infection_class": "viral"}])


@pytest.fixture(scope="module")
def pilot(reference_data):
    """Patients with their arm, their treatment-emergent events, and R's counts of them."""
    folder = reference_data / "cdisc"
    with (folder / "phuse_pilot_adsl.csv").open(encoding="utf-8") as file:
        arms = {r["USUBJID"]: r["TRT01A"] for r in csv.DictReader(file) if r["SAFFL"] == "Y"}
    with (folder / "phuse_pilot_adae.csv").open(encoding="utf-8") as file:
        events = [r for r in csv.DictReader(file) if r["TRTEMFL"] == "Y"]
    counts = json.loads((reference_data / "reference" / "cdisc_pilot_tox_table1_tte.json").read_text(encoding="utf-8"))
    return arms, events, counts


SEVERITY = {"MILD": 1, "MODERATE": 2, "SEVERE": 3}


def pilot_events(events, term):
    return frame("events", [
        {"patient": r["USUBJID"], "term": r[term], "onset": int(float(r["ASTDY"])) if r["ASTDY"] not in {"", "NA"} else None,
         "grade": SEVERITY[r["AESEV"]], "outcome": "recovered"}
        for r in events
    ])  # fmt: skip


def by_arm(made, column, arms, value):
    found = dict(zip(made["patient"], made[column], strict=True))
    return {arm: sum(found[p] == value for p, of in arms.items() if of == arm) for arm in set(arms.values())}


def test_worst_severity_of_the_pilot_study(pilot):
    arms, events, counts = pilot
    tables = site(list(arms), events=pilot_events(events, "AEDECOD"))
    found = adverse_events(tables, section(from_day=-3650)).columns
    assert by_arm(found, "ae_any", arms, "yes") == counts["any_teae"]
    levels = counts["max_severity"]["levels"]
    for arm, expected in counts["max_severity"]["subjects"].items():
        assert [by_arm(found, "ae", arms, level)[arm] for level in levels] == expected


@pytest.mark.parametrize(("term", "key", "n"), [("AEBODSYS", "by_soc", 23), ("AEDECOD", "by_pt", 230)])
def test_patients_with_each_event_of_the_pilot_study(pilot, term, key, n):
    arms, events, counts = pilot
    levels = counts[key]["levels"]
    assert len(levels) == n
    tables = site(list(arms), events=pilot_events(events, term))
    for begin in range(0, n, 100):
        some = levels[begin : begin + 100]
        groups = [{"name": f"g{i}", "label": level, "terms": [level]} for i, level in enumerate(some)]
        found = adverse_events(tables, section(from_day=-3650, groups=groups)).columns
        for i in range(len(some)):
            expected = {arm: subjects[begin + i] for arm, subjects in counts[key]["subjects"].items()}
            assert by_arm(found, f"ae_g{i}_any", arms, "yes") == expected, some[i]


def test_the_order_of_rows_does_not_matter(pilot):
    arms, events, _ = pilot
    rows = pilot_events(events, "AEBODSYS")
    patients = sorted(arms)
    forward = adverse_events(site(patients, events=rows), section(to_day=90))
    backward = adverse_events(site(patients, events=rows.reverse()), section(to_day=90))
    assert forward.columns.equals(backward.columns)
    assert forward.records.equals(backward.records)
    assert forward.columns["ae_onset"].dtype == pl.Int64
