"""The transport within one process: each site's rows are here, each site answers in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cohortium.federation.answer import Grant, SiteDesk, answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cohortium.federation.messages import Request, Response


class InProcess:
    """Sites whose rows are in this process."""

    def __init__(self, desks: Sequence[SiteDesk], grant: Grant) -> None:
        self._desks = tuple(desks)
        self._grant = grant

    @property
    def sites(self) -> tuple[str, ...]:
        """The sites in order."""
        return tuple(desk.site for desk in self._desks)

    def exchange(self, request: Request) -> list[Response]:
        """Every site's answer."""
        return [answer(request, desk, self._grant) for desk in self._desks]
