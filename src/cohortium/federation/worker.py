"""A process that holds some sites: it reads their files itself and answers requests through its pipe.

Started as `python -m cohortium.federation.worker STUDY_DIR DAY SITE ...`. It decides for itself whether its sites' data
may be used on that day, opens their desks, then answers every request until the pipe is closed. Rows never leave it.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cohortium.errors import CohortiumError, EstimationError, Problem, RefusedRequestError, SiteDataError, WireError
from cohortium.estimators.registry import plan_study
from cohortium.federation.answer import Grant, SiteDesk, answer
from cohortium.federation.desk import Opening, open_desk, to_settle
from cohortium.federation.frames import FAILURE, OPENING, REQUEST, RESPONSE, read_frame, write_frame
from cohortium.federation.messages import Request, decode_request, encode_response
from cohortium.federation.openings import encode_failure, encode_openings
from cohortium.governance.ethics import Decision, decide_all
from cohortium.intake.read import read_site
from cohortium.intake.source import READ_FAILED
from cohortium.study.load import load_study

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cohortium.estimators.contract import Task
    from cohortium.study.study import Study


def serve(directory: Path, day: dt.date, site_ids: list[str], requests: IO[bytes], responses: IO[bytes]) -> int:
    """Open the sites' desks, then answer requests until the stream ends; failures are sent, not raised.

    Returns the exit code. A failure that is not of a known family is sent by its kind alone: its text could hold a value.
    """
    try:
        study = load_study(directory)
        tasks = plan_study(study)
        decisions = decide_all(study, day)
        _require_allowed(site_ids, decisions)
        desks, openings = _open(study, site_ids, tasks)
        write_frame(responses, OPENING, encode_openings(openings))
        grant = Grant.of(study.hash, tasks, decisions, day)
        while (request := _next_request(requests)) is not None:
            for desk in desks:
                write_frame(responses, RESPONSE, encode_response(answer(request, desk, grant)))
    except CohortiumError as error:
        write_frame(responses, FAILURE, encode_failure(error))
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - whatever it is, its text must not leave the site
        defect = EstimationError(
            f"unexpected {type(error).__name__} in a site's process; this is a defect of the program"
        )
        write_frame(responses, FAILURE, encode_failure(defect))
        return defect.exit_code
    return 0


def _next_request(requests: IO[bytes]) -> Request | None:
    frame = read_frame(requests)
    if frame is None:
        return None
    kind, data = frame
    if kind != REQUEST:
        raise WireError("a site's process takes requests only")
    return decode_request(data)


def _require_allowed(site_ids: list[str], decisions: Mapping[str, Decision]) -> None:
    """Refuse before a file is read."""
    unknown = Decision(allowed=False, reason="it is not a site of the study", due=None)
    asked = {site: decisions.get(site, unknown) for site in site_ids}
    refused = [Problem(f"site {site}", decision.reason) for site, decision in asked.items() if not decision.allowed]
    if refused:
        raise RefusedRequestError("A process was asked for sites whose data may not be used:", refused)


def _open(study: Study, site_ids: list[str], tasks: tuple[Task, ...]) -> tuple[list[SiteDesk], list[Opening]]:
    desks: list[SiteDesk] = []
    openings: list[Opening] = []
    problems: list[Problem] = []
    for site in study.file.site:
        if site.id not in site_ids:
            continue
        try:
            desk, opening = open_desk(study, read_site(study, site), tasks)
        except SiteDataError as error:
            problems.extend(error.problems)
            continue
        openings.append(opening)
        if desk is not None:
            desks.append(desk)
    if problems:
        raise SiteDataError(READ_FAILED, [*problems, *to_settle(openings)])
    return desks, openings


if __name__ == "__main__":
    code = serve(
        Path(sys.argv[1]), dt.date.fromisoformat(sys.argv[2]), sys.argv[3:], sys.stdin.buffer, sys.stdout.buffer
    )
    sys.exit(code)
