"""The transport between processes: each process holds some sites and answers through a pipe."""

from __future__ import annotations

import subprocess
import sys
from typing import IO, TYPE_CHECKING, Self

from cohortium.errors import EstimationError, Problem, SiteDataError, WireError
from cohortium.federation.desk import to_settle
from cohortium.federation.frames import FAILURE, OPENING, REQUEST, RESPONSE, read_frame, write_frame
from cohortium.federation.messages import Request, Response, decode_response, encode_request
from cohortium.federation.openings import decode_failure, decode_openings
from cohortium.intake.source import READ_FAILED

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from cohortium.federation.desk import Opening
from contextlib import suppress

_STOP_SECONDS = 10


class Processes:
    """Sites dealt out to several processes; a context manager that ends them.

    Raises
        SiteDataError: files of sites are missing or unreadable, with the problems of all sites.
        RefusedRequestError: the data of one of the sites may not be used on the day.
    """

    def __init__(self, directory: Path, site_ids: Sequence[str], n_processes: int, day: dt.date) -> None:
        count = max(1, min(n_processes, len(site_ids)))
        self._shares = [list(site_ids[i::count]) for i in range(count)]
        self._workers = [_start(directory, day, share) for share in self._shares]
        try:
            openings = self._open()
        except BaseException:
            self._stop()
            raise
        order = {site: i for i, site in enumerate(site_ids)}
        self.openings: tuple[Opening, ...] = tuple(sorted(openings, key=lambda opening: order[opening.site]))
        self._answering = [[o.site for o in openings if o.site in share and not o.n_errors] for share in self._shares]

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites that answer."""
        return tuple(site for share in self._answering for site in share)

    def exchange(self, request: Request) -> list[Response]:
        """One round with every process at once."""
        data = encode_request(request)
        for worker in self._workers:
            _send(worker, data)
        responses: list[Response] = []
        for worker, share in zip(self._workers, self._answering, strict=True):
            responses += [decode_response(_expect(worker, RESPONSE)) for _ in share]
        return responses

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _open(self) -> list[Opening]:
        openings: list[Opening] = []
        problems: list[Problem] = []
        for worker in self._workers:
            try:
                openings += decode_openings(_expect(worker, OPENING))
            except SiteDataError as error:
                problems.extend(error.problems)
        if problems:
            raise SiteDataError(READ_FAILED, [*problems, *to_settle(openings)])
        return openings

    def _stop(self) -> None:
        for worker in self._workers:
            with suppress(BrokenPipeError):
                _pipe(worker.stdin).close()
        for worker in self._workers:
            try:
                worker.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
            _pipe(worker.stdout).close()


def _start(directory: Path, day: dt.date, site_ids: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cohortium.federation.worker", str(directory), day.isoformat(), *site_ids]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)


def _send(worker: subprocess.Popen[bytes], data: bytes) -> None:
    try:
        write_frame(_pipe(worker.stdin), REQUEST, data)
    except BrokenPipeError:
        # The process has ended; what it said before is the reason.
        _expect(worker, RESPONSE)


def _expect(worker: subprocess.Popen[bytes], wanted: bytes) -> bytes:
    frame = read_frame(_pipe(worker.stdout))
    if frame is None:
        raise EstimationError("a site's process ended before it answered; see its message above")
    kind, data = frame
    if kind == FAILURE:
        raise decode_failure(data)
    if kind != wanted:
        raise WireError("a site's process answered another question")
    return data


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise EstimationError("a site's process has no pipe")
    return stream
