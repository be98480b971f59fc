"""`answer`: the one door. Whatever leaves a site leaves here, as totals of declared shape."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cohortium.errors import RefusedRequestError, WireError
from cohortium.estimators.registry import REGISTRY
from cohortium.federation.messages import Request, Response
from cohortium.governance.ethics import Decision
from cohortium.totals import require_finite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cohortium.estimators.contract import Rows, Task


@dataclass(frozen=True)
class Grant:
    """What a site allows.

    study_hash  the study file and dictionary that the site agreed to
    tasks       the fits that this study file asks for, by key; nothing else is answered
    decisions   site id to whether its data may be used, on that day; a site without a decision does not answer
    day         the day of use; None for rows that belong to no study
    """

    study_hash: str
    tasks: Mapping[str, Task]
    decisions: Mapping[str, Decision]
    day: dt.date | None

    @classmethod
    def of(cls, study_hash: str, tasks: Sequence[Task], decisions: Mapping[str, Decision], day: dt.date) -> Grant:
        """The grant of everything that a study file asks for, to sites as decided for a day."""
        return cls(study_hash, {task.key: task for task in tasks}, decisions, day)

    @classmethod
    def of_own_rows(cls, study_hash: str, tasks: Sequence[Task], sites: Sequence[str]) -> Grant:
        """The grant of a caller who holds the rows of these sites and no study: there is nothing to decide."""
        mine = Decision(allowed=True, reason="", due=None)
        return cls(study_hash, {task.key: task for task in tasks}, dict.fromkeys(sites, mine), None)


@dataclass
class SiteDesk:
    """A site's rows by population and, after the first question, what `prepare` made of them."""

    site: str
    rows: Mapping[str, Rows]
    prepared: dict[str, Any] = field(default_factory=dict)


def answer(request: Request, desk: SiteDesk, grant: Grant) -> Response:
    """Answer one request with totals.

    Only summaries that are installed here run; the request holds names and numbers. Parameters and totals are checked
    against their declared shape and refused when not finite.

    Raises
        RefusedRequestError: the site's data may not be used, the request is for another study file, or it names a
            fit that is not granted.
        WireError: a parameter or a total is not of its declared shape or not finite.
    """
    _require_allowed(desk.site, grant)
    if request.study_hash != grant.study_hash:
        raise RefusedRequestError(
            f"{desk.site}: the request is for another study file than the one agreed; compare the study hashes"
        )
    unknown = [key for key in request.params if key not in grant.tasks]
    if unknown:
        raise RefusedRequestError(f"{desk.site}: not granted: {', '.join(unknown)}")
    totals = {}
    for key, params in request.params.items():
        task = grant.tasks[key]
        estimator = REGISTRY[task.method]
        if params.shapes != dict(estimator.asks(task.spec, params)):
            raise WireError(f"{desk.site}: the parameters of {key} are not of the declared shape")
        require_finite(params)
        if key not in desk.prepared:
            desk.prepared[key] = estimator.prepare(desk.rows[task.spec.population], task.spec)
        found = estimator.summarize(desk.prepared[key], params)
        if found.shapes != dict(estimator.shapes(task.spec, params)):
            raise WireError(f"{desk.site}: the totals of {key} are not of the declared shape")
        require_finite(found)
        totals[key] = found
    return Response(desk.site, request.round, totals)


def _require_allowed(site: str, grant: Grant) -> None:
    # A desk of a refused site should not exist; if it does, nothing leaves it.
    decision = grant.decisions.get(site)
    if decision is None or not decision.allowed:
        reason = decision.reason if decision else "it is not decided that its data may be used"
        on = f" on {grant.day}" if grant.day else ""
        raise RefusedRequestError(f"{site}: nothing is answered{on}: {reason}")
