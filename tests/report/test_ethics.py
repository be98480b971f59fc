"""Boards, consent and refusals in print; sites that add up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cohortium.errors import OutputError
from cohortium.estimators.flow import RefusedSite, refused_rows
from cohortium.report.ethics import ethics_sentences, ethics_table
from cohortium.report.findings.flow import flow
from cohortium.report.render import text
from cohortium.results import Results

BOARD = {"board": "Harbor Board", "city": "Harbor", "decision": "approved", "approved": "2024-01-10"}
OBTAINED = {**BOARD, "consent": "obtained"}
WAIVED = {**BOARD, "consent": "waived", "consent_basis": "45 CFR 46.116(f)"}


@pytest.fixture
def with_ethics(study):
    """The study with the given ethics records for its first sites, and no other site."""

    def make(*records):
        sites = [site.model_dump() for site in study.file.site[: len(records)]]
        changed = [{**site, "ethics": ethics} for site, ethics in zip(sites, records, strict=True)]
        file = type(study.file).model_validate({**study.file.model_dump(), "site": changed})
        return replace(study, file=file)

    return make


def sentences(study, results=None):
    return " ".join(ethics_sentences(study, results or Results(())))


def test_one_board_and_one_consent_are_said_once(with_ethics):
    assert sentences(with_ethics(WAIVED, WAIVED)) == (
        "The study was approved at every site (Harbor Board, Harbor). "
        "Informed consent was waived at every site (45 CFR 46.116(f))."
    )


def test_mixed_decisions_are_told_apart(with_ethics):
    exempt = {**WAIVED, "board": "Lake Board", "city": "Lake", "decision": "exempt", "consent": "not-required"}
    relying = {**OBTAINED, "decision": "reliance", "relies_on": "site-01"}
    assert sentences(with_ethics(OBTAINED, exempt, relying)) == (
        "The study was approved at Harbor Clinic (Harbor Board, Harbor). "
        "The study was judged exempt from review at Lakeside Hospital (Lake Board, Lake). "
        "Northfield University relies on the decision of Harbor Clinic. "
        "Informed consent was obtained at Harbor Clinic and Northfield University. "
        "Informed consent was not required at Lakeside Hospital (45 CFR 46.116(f))."
    )


def test_a_refused_site_is_not_said_to_be_approved(with_ethics):
    refused = Results(
        refused_rows([RefusedSite("site-02", "Lakeside Hospital", "it expired")], 2, "from 2025-01-01 on")
    )
    study = with_ethics(OBTAINED, {**OBTAINED, "board": "Lake Board"})
    assert sentences(study, refused) == (
        "The study was approved at Harbor Clinic (Harbor Board, Harbor). "
        "Informed consent was obtained at Harbor Clinic. Not used: Lakeside Hospital (it expired)."
    )
    table = text.render(ethics_table(study, refused))
    assert "Lakeside Hospital [a]" in table
    assert "a Not used: it expired." in table
    assert "Judged for a day of use from 2025-01-01 on." in table


def test_the_table_holds_every_record(with_ethics):
    amended = {
        **OBTAINED,
        "number": "17",
        "expires": "2026-01-09",
        "amendments": ({"approved": "2025-01-09", "number": "2"},),
    }
    table = text.render(ethics_table(with_ethics(amended, None), Results(())))
    for word in (
        "Harbor Board, Harbor",
        "approved",
        "17",
        "2024-01-10; amended 2 2025-01-09",
        "2026-01-09",
        "none recorded",
    ):
        assert word in table


def test_without_any_record_it_says_so(study, results):
    assert ethics_table(study, results) is None
    assert sentences(study, results) == "No ethics decision is recorded."


def test_sites_that_do_not_add_up_are_refused(results):
    rows = refused_rows([RefusedSite("site-02", "Lakeside Hospital", "it expired")], 9, "at any time")
    assert [site.name for site in flow(Results([*results, *rows])).refused] == ["Lakeside Hospital"]
    with pytest.raises(OutputError, match="The sites do not add up"):
        flow(Results([*results, rows[0]]))
