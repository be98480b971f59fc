"""Whom an endpoint applies to, in print: n of N wherever the endpoint is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.findings.among import Applies, applies_to
from cohortium.report.rules import Code, Paragraph, with_labels

if TYPE_CHECKING:
    from cohortium.results import Results
    from cohortium.study.study import Study


def among_phrase(study: Study, results: Results, endpoint: str) -> Paragraph:
    """`; applies to the patients where ...: 62 of 100 patients`; nothing for an endpoint of all patients."""
    found = applies_to(results, endpoint)
    among = study.made(endpoint).among
    if found is None or not among:
        return ()
    parts: list[str | Code] = ["; applies to the patients where "]
    for position, text in enumerate(among):
        parts += [" and " if position else "", Code(text)]
    return (*parts, *with_labels(study, *among), f": {_counted(found)}")


def among_notes(study: Study, results: Results, analyses: Sequence[str]) -> Iterator[str]:
    """`Duration of response: applies to 62 of 100 patients.` for each such endpoint of the analyses, once."""
    endpoints = (getattr(study.analysis(name), "endpoint", None) for name in analyses)
    for endpoint in dict.fromkeys(name for name in endpoints if name):
        found = applies_to(results, endpoint)
        if found is not None:
            yield f"{study.endpoint(endpoint).label}: applies to {_counted(found)}."


def n_of_n(study: Study, results: Results, endpoint: str) -> str:
    """`62 of 100 patients`; empty for an endpoint of all patients, and at a landmark, where fewer are at risk."""
    found = applies_to(results, endpoint) if study.made(endpoint).landmark is None else None
    return f"{formats.count(found.n)} of {formats.plural(found.of_n, 'patient')}" if found else ""


def _counted(found: Applies) -> str:
    unknown = f"; of {formats.count(found.unknown)} others it is not known" if found.unknown else ""
    return f"{formats.count(found.n)} of {formats.plural(found.of_n, 'patient')}{unknown}"
