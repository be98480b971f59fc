"""`cohortium status`: where each site stands, and what is due."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cohortium.cli.status import SiteStatus, Status

app = typer.Typer(rich_markup_mode=None)

_COLUMNS = ("site", "ethics", "agreement", "data", "queries", "locked", "signed")
_GAP = "  "
_GOOD, _OPEN, _BAD = "green", "yellow", "red"
_Cell = tuple[str, str]
"""A text and its color."""


@app.command()
def status(
    study_directory: Annotated[Path, typer.Argument(help="Study directory with study.toml and dictionary.csv.")],
    on: Annotated[
        dt.datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Day to ask about; today (UTC) when not given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")] = False,
) -> None:
    """Show where each site stands: ethics, agreement, data, queries, locked, signed; and what is due in 60 days.

    Examples:

    cohortium status my-study

    cohortium status my-study --on 2026-10-01 --json
    """
    from dataclasses import asdict

    from cohortium.cli.listing import as_json as to_json
    from cohortium.cli.status import status_of
    from cohortium.study.load import load_study

    day = (on or dt.datetime.now(dt.UTC)).date()
    found = status_of(load_study(study_directory), day)
    is_colored = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    print(to_json({"ok": True, **asdict(found)}) if as_json else status_text(found, is_colored=is_colored))


def status_text(found: Status, *, is_colored: bool = False) -> str:
    """The table for people, then the reasons, then what is due."""
    n_allowed = sum(site.allowed for site in found.sites)
    head = f"{found.study} on {found.day}: {n_allowed} of {len(found.sites)} sites may be used"
    rows = [[(title, "") for title in _COLUMNS], *(_cells(site) for site in found.sites)]
    reasons = [line for site in found.sites for line in _reasons(site)]
    parts = [[head], list(_aligned(rows, is_colored=is_colored)), reasons, list(_due(found, is_colored=is_colored))]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _cells(site: SiteStatus) -> list[_Cell]:
    return [
        (site.site, ""),
        (site.decision, _GOOD) if site.ethics == "in force" else (site.ethics, _BAD),
        (site.agreement, {"in force": _GOOD, "none": ""}.get(site.agreement, _BAD)),
        _data(site),
        _queries(site),
        ("void", _BAD) if site.void else ("yes", _GOOD) if site.locked else ("no", _OPEN),
        ("void", _BAD) if site.void else ("yes", _GOOD) if site.signed else ("no", _OPEN),
    ]


def _data(site: SiteStatus) -> _Cell:
    if site.data == "received":
        return f"{site.n_rows} rows {site.sha256[:8]}", _GOOD
    return site.data, _OPEN if site.data == "not read" else _BAD


def _queries(site: SiteStatus) -> _Cell:
    if site.n_queries is None:
        return "-", ""
    notes = f", {site.n_notes} {'note' if site.n_notes == 1 else 'notes'}" if site.n_notes else ""
    return f"{site.n_queries} open{notes}", _BAD if site.n_queries else _GOOD


def _reasons(site: SiteStatus) -> Iterator[str]:
    if not site.allowed:
        yield f"refused: {site.site} ({site.name}): {site.reason}"
    yield from (f"unreadable: {problem}" for problem in site.problems)
    if site.void:
        yield f"void: {site.site}: {site.void}"


def _due(found: Status, *, is_colored: bool) -> Iterator[str]:
    if not found.due:
        yield "Nothing is due in the next 60 days."
    for within in (0, 7, 30, 60):
        listed = [deadline for deadline in found.due if deadline.within == within]
        if listed:
            yield _colored(
                f"Due within {within} days:" if within else "Ended:", _BAD if within <= 7 else _OPEN, is_colored
            )
        for deadline in listed:
            yield f"  {deadline.last_day}  {deadline.site}: {deadline.what}{_when(deadline.days_left)}"


def _when(days_left: int) -> str:
    if days_left < 0:
        return ""
    return (
        " (today is the last day)" if days_left == 0 else f" ({days_left} {'day' if days_left == 1 else 'days'} left)"
    )


def _aligned(rows: Sequence[Sequence[_Cell]], *, is_colored: bool) -> Iterator[str]:
    widths = [max(len(text) for text, _ in column) for column in zip(*rows, strict=True)]
    widths[-1] = 0
    for row in rows:
        cells = [
            _colored(text.ljust(width), color, is_colored) for (text, color), width in zip(row, widths, strict=True)
        ]
        yield _GAP.join(cells)


def _colored(text: str, color: str, wanted: bool) -> str:
    return typer.style(text, fg=color) if wanted and color else text
