"""`decide_use`: may a site's data be used on a day? A function of the records alone; no record means no.

A decision and an agreement hold from their own day to their last day, both included. No reason names the day of
use, so that what is printed of a refusal is the same on every day on which the refusal is the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cohortium.errors import Problem, RefusedRequestError
from cohortium.study.ethics import Agreement, DataKind, Ethics
from cohortium.study.model import Site
from cohortium.study.study import Study


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a site's data may be used on a day.

    allowed  whether they may
    reason   every reason why not, in plain words; empty when allowed
    due      last day on which the same records still allow it; None when refused, or when nothing ends
    """

    allowed: bool
    reason: str
    due: dt.date | None


def decide_use(study: Study, site: Site, day: dt.date) -> Decision:
    """Decide whether a site's data may be used on a day.

    Allowed when the site's ethics decision is in force and covers the kind of data that the study uses, when the
    decision that it relies on does so too, and when the data-use agreement, if there is one or one is needed, does.

    study  the study; its `data_kind` is the kind of data that is used
    site   a site of the study, an unassigned one too
    day    the day of use

    Example: `decide_use(study, study.file.site[0], dt.date(2025, 3, 1)).allowed`
    """
    reasons = "; ".join(
        [*_strangers(study, site), *ethics_faults(study, site, day), *agreement_faults(study, site, day)]
    )
    return Decision(allowed=not reasons, reason=reasons, due=None if reasons else _last_day(study, site))


def decide_all(study: Study, day: dt.date) -> Mapping[str, Decision]:
    """The decision for every site of a study by its id, in the study file's order."""
    return {site.id: decide_use(study, site, day) for site in study.file.site}


def require_one_allowed(decisions: Mapping[str, Decision], day: dt.date) -> None:
    """Stop when no site may be used.

    Raises
        RefusedRequestError: with the reason of every site.
    """
    if any(decision.allowed for decision in decisions.values()):
        return
    problems = [Problem(f"site {site}", decision.reason) for site, decision in decisions.items()]
    what = "record a decision that is in force in the [[site]] of at least one"
    raise RefusedRequestError(f"No site's data may be used on {day}, so nothing was read; {what}:", problems)


def relied_on(study: Study, site: Site) -> Site | None:
    """The site whose ethics decision a site relies on, when it relies on one of the study's."""
    if site.ethics is None or site.ethics.decision != "reliance":
        return None
    return next((other for other in study.file.site if other.id == site.ethics.relies_on), None)


def ethics_faults(study: Study, site: Site, day: dt.date) -> Iterator[str]:
    """Why the site's ethics decision, or the one that it relies on, does not allow the use on a day."""
    kind = study.file.study.data_kind
    if site.ethics is None:
        yield "no ethics decision is recorded"
        return
    yield from _of_decision(site.ethics, kind, day)
    if site.ethics.decision == "reliance":
        yield from _of_relied_on(study, site, kind, day)


def agreement_faults(study: Study, site: Site, day: dt.date) -> Iterator[str]:
    """Why the site's data-use agreement, or its absence, does not allow the use on a day."""
    kind = study.file.study.data_kind
    if site.agreement is not None:
        yield from _of_agreement(site.agreement, kind, day)
    elif kind == "limited":
        yield "a limited data set needs a data-use agreement; none is recorded"


def _strangers(study: Study, site: Site) -> Iterator[str]:
    if site not in study.file.site:
        yield "it is not a site of the study"


def _of_decision(ethics: Ethics, kind: DataKind, day: dt.date) -> Iterator[str]:
    decision = f"the decision of {' '.join(ethics.board.split())}"
    if day < ethics.approved:
        yield f"{decision} is dated {ethics.approved}, after the day of use"
    if ethics.expires is not None and day > ethics.expires:
        yield f"{decision} expired on {ethics.expires}"
    # A limited data set holds more than de-identified data: who may use the one may use the other.
    if kind not in ethics.covers and "limited" not in ethics.covers:
        yield f"{decision} covers {' and '.join(ethics.covers)} data only"


def _of_relied_on(study: Study, site: Site, kind: DataKind, day: dt.date) -> Iterator[str]:
    other = relied_on(study, site)
    if other is None or other.id == site.id or other.ethics is None:
        yield "it relies on the decision of another site, and none is recorded"
    elif other.ethics.decision == "reliance":
        yield f"it relies on {other.name}, which has no decision of its own"
    else:
        for reason in _of_decision(other.ethics, kind, day):
            yield f"it relies on {other.name}: {reason}"


def _of_agreement(agreement: Agreement, kind: DataKind, day: dt.date) -> Iterator[str]:
    if day < agreement.signed:
        yield f"the data-use agreement is dated {agreement.signed}, after the day of use"
    if agreement.expires is not None and day > agreement.expires:
        yield f"the data-use agreement expired on {agreement.expires}"
    if kind == "limited" and agreement.kind != "limited":
        yield "the data-use agreement covers de-identified data only"


def _last_day(study: Study, site: Site) -> dt.date | None:
    other = relied_on(study, site)
    records: tuple[Ethics | Agreement | None, ...] = (site.ethics, site.agreement, other.ethics if other else None)
    return min((record.expires for record in records if record and record.expires), default=None)
