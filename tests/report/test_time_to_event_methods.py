"""Endpoints by rule in the methods of the report."""

from types import SimpleNamespace

import pytest

from cohortium.report.methods.derived import derived
from cohortium.report.methods.time_to_event import time_to_event
from cohortium.study.derive.censoring import ALLOWED, RULE_SETS
from cohortium.study.derive.endpoints import TimeToEvent

STUDY = SimpleNamespace(
    file=SimpleNamespace(time=SimpleNamespace(origin_label="first dose")), variables={"imwg": None},
    variable=lambda name: SimpleNamespace(label={"imwg": "IMWG response", "infused": "Infusion"}[name]),
)  # fmt: skip


def said(endpoint, **keys):
    section = TimeToEvent(name="e", label="Endpoint", rule="time-to-event", endpoint=endpoint, **keys)
    return " ".join(time_to_event(STUDY, section))


def test_progression_free_survival():
    assert said("pfs", response="imwg", start="infused", missed_assessments_days=90) == (
        "Endpoint: from infusion to progression or death, whichever comes first, by the FDA's primary rules "
        "(fda-primary: table A, missed visits not judged). Set for this study: missed_assessments_days = 90. Responses and "
        "progressions (IMWG response) count when confirmed, on the day of the first sample. Patients without an event are "
        "censored at the last adequate assessment, on day 0 without one after baseline. New therapy before it censors at "
        "the last adequate assessment up to it. Progression that is not documented censors at the last adequate "
        "assessment up to it. A planned bridge to cellular therapy or transplant censors on its day. Progression or death "
        "after more than 90 days without an assessment censors at the last one before. Nothing after the data cut-off "
        "counts; a day that is missing is not guessed."
    )


def test_time_to_response():
    assert said("ttr", confirmed=False) == (
        "Endpoint: from first dose to the first partial response or better, by the FDA's primary rules (fda-primary: table "
        "A, missed visits not judged). Only patients with a partial response or better have it. Responses and progressions "
        "are those that the institutions called. Nothing after the data cut-off counts; a day that is missing is not guessed."
    )


@pytest.mark.parametrize("endpoint", ALLOWED)
def test_every_rule_set_reads_differently(endpoint):
    texts = [said(endpoint, censoring=rules) for rules in RULE_SETS]
    assert len(set(texts)) == len(RULE_SETS)


def test_the_methods_tell_an_endpoint_by_rule_once_and_in_sentences():
    section = TimeToEvent(name="e", label="Endpoint", rule="time-to-event", endpoint="pfs")
    study = SimpleNamespace(file=SimpleNamespace(derive=(section,), time=STUDY.file.time), variables={})
    assert list(derived(study)) == [(" ".join(time_to_event(study, section)),)]
