"""The ethics of a study in print: a table of boards, the sentences of the methods, the sites that were refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cohortium.report.findings.flow import Refused, refused
from cohortium.report.labels import joined
from cohortium.report.table import Cell, Row, Table
from cohortium.results import Results

if TYPE_CHECKING:
    from cohortium.study.ethics import Agreement, Ethics
    from cohortium.study.model import Site
    from cohortium.study.study import Study

    _Decided = tuple[Site, Ethics]

_DECISIONS: Mapping[str, str] = {
    "approved": "approved",
    "exempt": "exempt",
    "not-human-subjects": "not human-subjects research",
    "reliance": "reliance",
}
_CONSENT: Mapping[str, str] = {"obtained": "obtained", "waived": "waived", "not-required": "not required"}
_KINDS: Mapping[str, str] = {"de-identified": "de-identified data", "limited": "a limited data set"}


def sites_used(study: Study, results: Results) -> tuple[Site, ...]:
    """The sites whose data were used, records without institution included."""
    names = {site.name for site in refused(results)}
    return tuple(site for site in study.file.site if site.name not in names)


def institutions_used(study: Study, results: Results) -> tuple[Site, ...]:
    """The institutions whose data were used."""
    return tuple(site for site in sites_used(study, results) if not site.unassigned)


def refusal_lines(sites: Sequence[Refused]) -> Iterator[str]:
    """`Not used: Northern Hospital (the decision of its board expired on 2025-03-01).`, none when none was refused."""
    if sites:
        yield f"Not used: {'; '.join(f'{site.name} ({site.reason})' for site in sites)}."


def ethics_table(study: Study, results: Results) -> Table | None:
    """One line a site: board and city, decision, dates, consent, agreement; None when no site has a decision."""
    if not any(site.ethics for site in study.file.site):
        return None
    reasons = {site.name: (f"Not used: {site.reason}.",) for site in refused(results)}
    titles = ("Site", "Board", "Decision", "Number", "Approved", "Expires", "Consent", "Data-use agreement")
    body = tuple(Row(Cell(site.name, reasons.get(site.name, ())), _cells(study, site)) for site in study.file.site)
    kind = _KINDS[study.file.study.data_kind]
    judged = [f"Judged for a day of use {s.note}." for s in results.where(analysis="flow", statistic="sites-refused")]
    notes = (
        f"The study uses {kind}. A decision and an agreement hold to the end of the day on which they expire.",
        *judged,
    )
    return Table(
        "ethics_decisions", "Ethics decisions and data-use agreements", (tuple(map(Cell, titles)),), body, notes
    )


def _cells(study: Study, site: Site) -> tuple[Cell, ...]:
    if site.ethics is None:
        return (Cell("none recorded"), *(Cell("") for _ in range(5)), Cell(_agreement(site.agreement)))
    ethics = site.ethics
    basis = f" ({ethics.consent_basis})" if ethics.consent_basis else ""
    texts = (
        _board(site, ethics),
        _decision(study, ethics),
        ethics.number,
        "; ".join([ethics.approved.isoformat(), *_amended(ethics)]),
        _day(ethics.expires),
        f"{_CONSENT[ethics.consent]}{basis}",
        _agreement(site.agreement),
    )
    return tuple(map(Cell, texts))


def _decision(study: Study, ethics: Ethics) -> str:
    if ethics.decision != "reliance":
        return _DECISIONS[ethics.decision]
    return f"relies on {_name(study, ethics.relies_on)}"


def _name(study: Study, site_id: str | None) -> str:
    return next((site.name for site in study.file.site if site.id == site_id), "another site")


def _amended(ethics: Ethics) -> Iterator[str]:
    for amendment in ethics.amendments:
        words = ("amended", amendment.number, amendment.approved.isoformat())
        yield " ".join(word for word in words if word)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else "no expiry"


def _agreement(agreement: Agreement | None) -> str:
    if agreement is None:
        return "none"
    until = f" to {agreement.expires}" if agreement.expires else ""
    number = f" {agreement.number}" if agreement.number else ""
    return f"{_KINDS[agreement.kind]},{number} from {agreement.signed}{until}"


def ethics_sentences(study: Study, results: Results) -> Iterator[str]:
    """What was decided where, how consent was handled, and which sites were not used."""
    sites = [(site, site.ethics) for site in sites_used(study, results) if site.ethics]
    if sites:
        yield from _decided(study, sites)
        yield from _consented(sites)
    yield from refusal_lines(refused(results))
    if not sites:
        yield "No ethics decision is recorded."


def _decided(study: Study, sites: Sequence[_Decided]) -> Iterator[str]:
    phrases: Mapping[str, str] = {
        "approved": "The study was approved",
        "exempt": "The study was judged exempt from review",
        "not-human-subjects": "The study was judged not to be human-subjects research",
    }
    for decision, phrase in phrases.items():
        if chosen := [(site, ethics) for site, ethics in sites if ethics.decision == decision]:
            yield f"{phrase} {_at_boards(sites, chosen)}."
    for lead in dict.fromkeys(ethics.relies_on for _, ethics in sites if ethics.decision == "reliance"):
        names = [site.name for site, ethics in sites if ethics.decision == "reliance" and ethics.relies_on == lead]
        verb = "relies" if len(names) == 1 else "rely"
        yield f"{joined(names)} {verb} on the decision of {_name(study, lead)}."


def _consented(sites: Sequence[_Decided]) -> Iterator[str]:
    for consent, phrase in _CONSENT.items():
        mine = [(site, ethics) for site, ethics in sites if ethics.consent == consent]
        for basis in dict.fromkeys(ethics.consent_basis for _, ethics in mine):
            names = [site.name for site, ethics in mine if ethics.consent_basis == basis]
            at = "at every site" if len(names) == len(sites) > 1 else f"at {joined(names)}"
            yield f"Informed consent was {phrase} {at}{f' ({basis})' if basis else ''}."


def _at_boards(sites: Sequence[_Decided], chosen: Sequence[_Decided]) -> str:
    """`at every site` with the boards, or the sites by name; a board that is the same everywhere is said once."""
    boards = list(dict.fromkeys(_board(site, ethics) for site, ethics in chosen))
    if len(boards) > 1:
        return f"at {joined([f'{site.name} ({_board(site, ethics)})' for site, ethics in chosen])}"
    at = "at every site" if len(chosen) == len(sites) > 1 else f"at {joined([site.name for site, _ in chosen])}"
    return f"{at} ({boards[0]})"


def _board(site: Site, ethics: Ethics) -> str:
    city = ethics.city or site.city
    return f"{ethics.board}, {city}" if city else ethics.board
