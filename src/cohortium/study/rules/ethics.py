"""Ethics decisions and data-use agreements do not contradict themselves or each other.

A record that is missing, not yet dated or has lapsed is no fault of the study file: on the day of use its site is
refused, with that reason, and the study goes on with the others (`governance/ethics/decide.py`).
"""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.draft import Draft, Rule
from cohortium.study.ethics import Ethics
from cohortium.study.locate import Path
from cohortium.study.suggest import did_you_mean, one_of, shown


def _decisions(draft: Draft) -> Iterator[tuple[int, Ethics]]:
    for index, site in enumerate(draft.file.site):
        if site.ethics is not None:
            yield index, site.ethics


def reliance_names_a_decision(draft: Draft) -> Iterator[Problem]:
    """A site that relies on another names it; that site is an institution with a decision of its own."""
    for index, ethics in _decisions(draft):
        path: Path = ("site", index, "ethics", "relies_on")
        name = ethics.relies_on
        if ethics.decision != "reliance":
            if name is not None:
                what = f"is given, but the decision is {shown(ethics.decision)}"
                yield draft.problem(path, what, "write decision = 'reliance', or remove it")
        elif name is None:
            yield draft.problem(path[:-1], "relies on another site; expected its id in relies_on")
        elif not draft.is_excused(name):
            yield from _relied_on(draft, path, index, name)


def _relied_on(draft: Draft, path: Path, index: int, name: str) -> Iterator[Problem]:
    sites = {site.id: site for site in draft.file.site}
    site = sites.get(name)
    if site is None:
        yield draft.problem(path, f"unknown site {shown(name)}; {one_of(list(sites))}", did_you_mean(name, sites))
    elif name == draft.file.site[index].id:
        yield draft.problem(path, "a site cannot rely on itself; expected another site with a decision of its own")
    elif site.unassigned:
        yield draft.problem(path, f"{shown(name)} is unassigned; expected an institution with a decision of its own")
    elif site.ethics is None:
        yield draft.problem(path, f"{shown(name)} has no ethics decision; expected a site with a decision of its own")
    elif site.ethics.decision == "reliance":
        what = f"{shown(name)} relies on another site itself; expected a site with a decision of its own"
        yield draft.problem(path, what, "name the site that the chain ends in")


def expiry_follows_approval(draft: Draft) -> Iterator[Problem]:
    """A decision or an agreement does not end before it begins."""
    for index, site in enumerate(draft.file.site):
        if site.ethics and site.ethics.expires and site.ethics.expires < site.ethics.approved:
            what = f"{site.ethics.expires} is before the approval on {site.ethics.approved}"
            yield draft.problem(("site", index, "ethics", "expires"), what, "check the two dates")
        if site.agreement and site.agreement.expires and site.agreement.expires < site.agreement.signed:
            what = f"{site.agreement.expires} is before the signature on {site.agreement.signed}"
            yield draft.problem(("site", index, "agreement", "expires"), what, "check the two dates")


def amendments_follow_approval(draft: Draft) -> Iterator[Problem]:
    """An amendment is not older than the decision that it amends."""
    for index, ethics in _decisions(draft):
        for position, amendment in enumerate(ethics.amendments):
            if amendment.approved < ethics.approved:
                path: Path = ("site", index, "ethics", "amendments", position, "approved")
                what = f"{amendment.approved} is before the approval on {ethics.approved}"
                yield draft.problem(path, what, "`approved` of the decision is the day of the first approval")


def consent_has_its_basis(draft: Draft) -> Iterator[Problem]:
    """Consent that was waived or not required has its legal basis."""
    for index, ethics in _decisions(draft):
        if ethics.consent != "obtained" and not ethics.consent_basis.strip():
            what = f"consent is {shown(ethics.consent)}; expected the legal basis in consent_basis"
            yield draft.problem(("site", index, "ethics", "consent"), what, "for example '45 CFR 46.116(f)'")


RULES: tuple[Rule, ...] = (
    reliance_names_a_decision,
    expiry_follows_approval,
    amendments_follow_approval,
    consent_has_its_basis,
)
