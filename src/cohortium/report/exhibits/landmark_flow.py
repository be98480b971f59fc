"""The flow to a landmark: who at the origin is still at risk when the landmark analysis begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.exhibits.chosen import unfit
from cohortium.report.figures import flow as drawing
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.landmark import LandmarkFlow, landmark_flow
from cohortium.report.labels import inside_sentence, since
from cohortium.results import Results

if TYPE_CHECKING:
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("place", "n")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing for the landmark endpoint of an analysis; OutputError when its numbers do not add up."""
    endpoint = getattr(study.analysis(spec.analysis), "endpoint", None) if spec.analysis else None
    if endpoint is None or study.made(endpoint).landmark is None:
        raise unfit(spec, "landmark")
    found = landmark_flow(results, endpoint)
    when = since(study, endpoint)
    parts = list(_parts(found, when))
    top = (f"At {since(study, study.endpoint(endpoint).of or endpoint)}", found.n_origin)
    rest = (f"At risk at {when}", found.n_at_risk)
    figure = drawing.draw_parting(top, ("Not at risk", found.n_left), parts, rest, width=spec.width)
    label = inside_sentence(study.endpoint(study.endpoint(endpoint).of or endpoint).label)
    alt = (
        f"Flow to {when}, {label}. {top[0]}: {formats.count(top[1])}. "
        f"{'; '.join(f'{name}: {formats.count(n)}' for name, n in parts)}. {rest[0]}: {formats.count(rest[1])}."
    )
    caption = (f"Patients analyzed from {when} on, {label}; the numbers add up.",)
    return Drawing(figure, alt, caption, (DATA_HEADER, top, *parts, rest), what_is_said(figure))


def _parts(found: LandmarkFlow, when: str) -> Iterator[tuple[str, int]]:
    """Why patients are not at risk at the landmark; what did not happen is said only of events and censoring."""
    for cause, n in found.events:
        yield (f"{cause} before the landmark" if cause else "Event before the landmark"), n
    yield "Censored before the landmark", found.n_censored
    if found.n_late:
        yield f"Under observation only after {when}", found.n_late
    if found.n_unknown:
        yield "Follow-up not known", found.n_unknown
