"""The report on competing interests as text for people and as rows for a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cohortium.governance.interests.report import InterestsReport, Tie, Unknown
from cohortium.governance.people.periods import WINDOW_MONTHS

COLUMNS = (
    "finding", "author", "initials", "name", "relation", "category", "organization", "canonical", "paid_to", "declared",
    "expires", "in_window", "suggestions",
)  # fmt: skip
"""Columns of the report as a table."""

_GAPS = {
    "missing": "no answer",
    "undated": "no date of declaration",
    "outdated": f"declared more than {WINDOW_MONTHS} months before",
}


def interests_text(report: InterestsReport) -> str:
    """The report for people: ties directly with the maker, ties with its group, declarations, unknown organizations."""
    direct = [tie for tie in report.ties if tie.relation == "maker"]
    group = [tie for tie in report.ties if tie.relation != "maker"]
    maker = " and ".join(maker.canonical for maker in report.makers)
    drug = f" of {report.study_drug}" if report.study_drug else ""
    made = f"the maker{drug} ({maker})" if maker else "the maker: it is not given, see article.study_drug_maker"
    dated = f"dated against {report.on}" if report.on else "not dated: give article.submitted or --on"
    authors = "1 author" if report.n_persons == 1 else f"{report.n_persons} authors"
    lines = [f"{authors}, {report.n_none} with no competing interest; declarations {dated}"]
    lines += ["", f"Ties with {made}: {_counted(direct)}", *(_tie(tie) for tie in direct)]
    lines += ["", f"Ties with its parent, subsidiaries and group: {_counted(group)}", *(_tie(tie) for tie in group)]
    lines += ["", f"Declarations to collect: {len(report.declarations)}"]
    for gap in report.declarations:
        lines.append(f"  {gap.initials}  {gap.name}: {_GAPS[gap.gap]}{f', on {gap.declared}' if gap.declared else ''}")
    lines += ["", f"Organizations that the table does not have: {len(report.unknown)}"]
    lines += [f"  {unknown.organization}{_by(unknown)}{_suggested(unknown)}" for unknown in report.unknown]
    return "\n".join(lines)


def interests_rows(report: InterestsReport) -> Iterator[tuple[object, ...]]:
    """The report as rows below `COLUMNS`: one for each tie, declaration to collect and unknown organization."""
    for tie in report.ties:
        yield (
            "tie", tie.author, tie.initials, tie.name, tie.relation, tie.category, tie.organization, tie.canonical,
            tie.paid_to, tie.declared, tie.expires, "yes" if tie.in_window else "no", None,
        )  # fmt: skip
    for gap in report.declarations:
        yield (gap.gap, gap.author, gap.initials, gap.name, *[None] * 5, gap.declared, *[None] * 3)
    for unknown in report.unknown:
        suggested = "; ".join(f"{suggestion.canonical} ({suggestion.score:g})" for suggestion in unknown.suggestions)
        authors = "; ".join(unknown.authors)
        yield ("unknown organization", authors, *[None] * 4, unknown.organization, *[None] * 5, suggested)


def _counted(ties: Sequence[Tie]) -> str:
    n_authors = len({tie.author for tie in ties})
    return f"{len(ties)} by {n_authors} {'author' if n_authors == 1 else 'authors'}" if ties else "none"


def _tie(tie: Tie) -> str:
    company = tie.canonical if tie.relation == "maker" else f"{tie.canonical} ({tie.relation})"
    as_declared = "" if tie.organization == tie.canonical else f", declared as {tie.organization}"
    paid = "" if tie.paid_to == "not stated" else f", paid to {tie.paid_to}"
    ended = "" if tie.in_window else f", ended on {tie.expires}, before the {WINDOW_MONTHS} months"
    return f"  {tie.initials}  {tie.name}: {tie.category}, {company}{as_declared}{paid}{ended}"


def _by(unknown: Unknown) -> str:
    return f", declared by {', '.join(unknown.authors)}" if unknown.authors else ", the maker"


def _suggested(unknown: Unknown) -> str:
    likely = " or ".join(f"{suggestion.canonical} ({suggestion.score:g})" for suggestion in unknown.suggestions)
    return f"; perhaps {likely}" if likely else ""
