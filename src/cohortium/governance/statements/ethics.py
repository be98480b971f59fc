"""The ethics statement: boards with their cities, consent as each site has it, reliance, agreements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.errors import Problem
from cohortium.governance.statements.document import Block, block, missing
from cohortium.governance.statements.wording import in_words, joined

if TYPE_CHECKING:
    from cohortium.study.ethics import Ethics
    from cohortium.study.model import Site

_DECISIONS = (
    ("approved", "The study protocol was reviewed and approved by {}."),
    ("exempt", "The study was determined to be exempt by {}."),
    ("not-human-subjects", "The study was determined not to be human-subjects research by {}."),
)
_CONSENT = (
    ("obtained", "obtained from the patients"),
    ("waived", "waived"),
    ("not-required", "not required"),
)


def ethics_block(sites: Sequence[Site], all_sites: Sequence[Site] = ()) -> Block:
    """The ethics statement of the study's sites.

    Every site that sends data is in it; records without a known institution are not a site. A site without a
    decision, a board without a city and a waiver without its legal basis are missing records. A decision that another
    site relies on may be that of a site in `all_sites`.
    """
    decided = [(site, site.ethics) for site in sites if not site.unassigned and site.ethics]
    by_id = {site.id: site for site in (*all_sites, *sites)}
    sentences = [*_decisions(decided), *_reliance(decided, by_id), *_consent(decided), *_agreements(sites)]
    return block("Ethics", sentences, _missing(sites, by_id))


def _decisions(decided: Sequence[tuple[Site, Ethics]]) -> Iterator[str]:
    for decision, sentence in _DECISIONS:
        boards = [_board(site, ethics) for site, ethics in decided if ethics.decision == decision]
        if boards:
            yield sentence.format(joined(list(dict.fromkeys(boards))))


def _board(site: Site, ethics: Ethics) -> str:
    numbered = [part for part in (ethics.number and f"no. {ethics.number}", in_words(ethics.approved)) if part]
    return f"{ethics.board} ({'; '.join([part for part in (ethics.city or site.city, *numbered) if part])})"


def _reliance(decided: Sequence[tuple[Site, Ethics]], by_id: dict[str, Site]) -> Iterator[str]:
    relying: dict[str, list[str]] = {}
    for site, ethics in decided:
        if ethics.decision == "reliance":
            relying.setdefault(ethics.relies_on or "", []).append(_named(site))
    for id_, names in relying.items():
        relied = by_id.get(id_)
        if relied and relied.ethics:
            yield f"{joined(names)} relied on the decision of {relied.ethics.board}."


def _consent(decided: Sequence[tuple[Site, Ethics]]) -> Iterator[str]:
    """One sentence: for all sites where they agree, by site where they do not."""
    groups: dict[tuple[str, str], list[str]] = {}
    for consent, _ in _CONSENT:
        for site, ethics in decided:
            if ethics.consent == consent:
                groups.setdefault((consent, ethics.consent_basis), []).append(_named(site))
    if not groups:
        return
    n_sites = sum(map(len, groups.values()))
    if len(groups) == 1:
        where = "" if n_sites == 1 else f" at all {n_sites} institutions"
        yield f"Informed consent was {_words(*next(iter(groups)))}{where}."
        return
    clauses = [f"{_words(*key)} at {joined(names)}" for key, names in groups.items()]
    yield f"Informed consent was {'; '.join(clauses[:-1])}; and {clauses[-1]}."


def _words(consent: str, basis: str) -> str:
    words = dict(_CONSENT)[consent]
    return f"{words} ({basis})" if basis else words


def _agreements(sites: Sequence[Site]) -> Iterator[str]:
    kinds = (("de-identified", "De-identified data were"), ("limited", "A limited data set was"))
    for kind, subject in kinds:
        names = [
            _named(site) for site in sites if not site.unassigned and site.agreement and site.agreement.kind == kind
        ]
        if names:
            yield f"{subject} provided under a data-use agreement by {joined(names)}."


def _named(site: Site) -> str:
    return site.name


def _missing(sites: Sequence[Site], by_id: dict[str, Site]) -> Iterator[Problem]:
    for site in sites:
        where = f"site {site.id}"
        if site.unassigned:
            continue
        if site.ethics is None:
            yield missing(where, "has no ethics decision", "add [site.ethics]")
            continue
        if not (site.ethics.city or site.city) and site.ethics.decision != "reliance":
            yield missing(where, "its board has no city", "add 'city'")
        if site.ethics.consent != "obtained" and not site.ethics.consent_basis:
            yield missing(where, f"consent is {site.ethics.consent} without a legal basis", "add 'consent_basis'")
        relied = by_id.get(site.ethics.relies_on or "")
        if site.ethics.decision == "reliance" and (relied is None or relied.ethics is None):
            yield missing(where, "relies on a site without an ethics decision", "add 'relies_on'")
