"""`cohortium diff`: what can be typed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cohortium.comparison import Causes, Change

app = typer.Typer(rich_markup_mode=None)
_MOST_LISTED = 40


@app.command("diff")
def diff(
    first: Annotated[Path, typer.Argument(help="Results directory of the earlier run.", metavar="RESULTS_A")],
    second: Annotated[Path, typer.Argument(help="Results directory of the later run.", metavar="RESULTS_B")],
    tolerance: Annotated[
        float,
        typer.Option(
            "--tolerance", min=0.0, max=0.5, help="Relative difference that is no change; 0 compares to the last bit."
        ),
    ] = 1e-9,
    all_: Annotated[
        bool, typer.Option("--all", help="List every statistic, not the first 40 of each analysis.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Also write every change to this CSV file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs; errors too.")] = False,
) -> None:
    """Compare two runs: which statistics changed, by how much, because of which sites or study-file lines.

    Ends with exit code 0 when the tables are the same and 1 when a statistic changed.

    Examples:

    cohortium diff results-march results-april

    cohortium diff results-march results-april --tolerance 0 --out changes.csv
    """
    from cohortium.cli.listing import as_json as to_json
    from cohortium.comparison import causes_of, changes_between, read_results

    before, after = read_results(first), read_results(second)
    causes = causes_of(before, after)
    changes = changes_between(before.table, after.table, tolerance, causes.renamed)
    if out is not None:
        from cohortium.cli.outputs import write_whole
        from cohortium.report.render.csv import lines

        head = ",".join(_COLUMNS)
        write_whole(out, lines([_COLUMNS, *map(_cells, changes)]), lambda present: present.startswith(head))
    if as_json:
        print(to_json({"changes": [_as_data(change) for change in changes], "causes": _causes_data(causes)}))
    else:
        print("\n".join(_text(changes, causes, len(changes) if all_ else _MOST_LISTED)))
    if changes:
        raise typer.Exit(1)


_COLUMNS = ("change", "statistic", "column", "before", "after")


def _cells(change: Change) -> tuple[object, ...]:
    columns = dict.fromkeys((*change.before, *change.after))
    return (
        change.kind,
        change.name,
        "; ".join(columns),
        "; ".join(_shown(change.before.get(column)) for column in columns),
        "; ".join(_shown(change.after.get(column)) for column in columns),
    )


def _as_data(change: Change) -> dict[str, Any]:
    return {"kind": change.kind, **change.key, "before": dict(change.before), "after": dict(change.after)}


def _causes_data(causes: Causes) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(causes)


def _text(changes: Sequence[Change], causes: Causes, most: int) -> Iterator[str]:
    yield from _inputs(causes)
    if not changes:
        yield "No statistic changed."
        return
    kinds = {kind: sum(change.kind == kind for change in changes) for kind in ("changed", "added", "removed")}
    yield ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
    by_analysis: dict[str, list[Change]] = {}
    for change in changes:
        by_analysis.setdefault(str(change.key["analysis"]), []).append(change)
    for analysis, found in by_analysis.items():
        because = ", ".join(causes.of(analysis)) or "no difference of inputs explains it"
        yield f"{analysis}: because of {because}" if causes.of(analysis) else f"{analysis}: {because}"
        for change in found[:most]:
            yield f"  {_line(change)}"
        if len(found) > most:
            yield f"  and {len(found) - most} more (--all)"


def _inputs(causes: Causes) -> Iterator[str]:
    if causes.studies:
        yield f"These are results of different studies: {' and '.join(causes.studies)}."
    yield from (f"analysis {old} is now {new}" for old, new in causes.renamed.items())
    for site in causes.sites:
        rows = f"; rows {site.n_before or 0} to {site.n_after or 0}" if site.n_before != site.n_after else ""
        yield f"site {site.site}: {site.kind}{rows}"
    yield from causes.lines
    yield from causes.versions


def _line(change: Change) -> str:
    if change.kind != "changed":
        held = change.after or change.before
        return f"{change.kind}: {change.name} {_shown(held.get('value'))}"
    parts = []
    for column, before in change.before.items():
        after = change.after[column]
        by = f" ({change.difference:+.4g})" if column == "value" and change.difference is not None else ""
        label = "" if column == "value" else f"{column} "
        parts.append(f"{label}{_shown(before)} to {_shown(after)}{by}")
    return f"{change.name}: {', '.join(parts)}"


def _shown(value: object) -> str:
    if value is None or value == "":
        return "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
