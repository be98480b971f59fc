"""The calibration figure of a logistic analysis: observed against predicted risk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cohortium.report import formats
from cohortium.report.abbreviations import abbreviations
from cohortium.report.exhibits.chosen import chosen_analysis, without_numbers
from cohortium.report.figures import calibration as drawing
from cohortium.report.figures.readout import what_is_said
from cohortium.report.figures.save import Drawing
from cohortium.report.findings.calibration import Calibration, RiskGroup, calibration
from cohortium.report.labels import inside_sentence, model_phrase
from cohortium.study.analyses import Logistic

if TYPE_CHECKING:
    from cohortium.results import Results, Statistic
    from cohortium.study.model import Figure as FigureSpec
    from cohortium.study.study import Study

DATA_HEADER = ("group", "n", "n_events", "predicted", "observed", "lower", "upper")


def make(study: Study, results: Results, spec: FigureSpec) -> Drawing:
    """The drawing of a logistic analysis with groups by predicted risk."""
    analysis = chosen_analysis(study, spec, Logistic)
    found = calibration(results, analysis.name)
    if not found.groups:
        return without_numbers(results, spec, "groups by predicted risk", ("auc", "calibration-slope"))
    outcome = inside_sentence(analysis.outcome.label)
    lines = calibration_lines(found)
    figure = drawing.draw(found.groups, lines, outcome=outcome, width=spec.width)
    interval = formats.confidence(analysis.confidence)
    values = abbreviations(heads=[f"Limits ({interval})", *lines])
    caption = (
        (
            f"{model_phrase(study, analysis)}, multivariable; each dot is a group of about {_size(found.groups)} patients "
            f"by predicted risk, with the Wilson {interval} of the observed one; dashed, perfect agreement; apparent: the "
            "patients are those of the fit."
        ),
        values,
        *found.warnings,
    )
    alt = f"Observed against predicted {outcome}, in percent. {' '.join(_words(found))}"
    return Drawing(figure, alt, caption, tuple(_data(found.groups)), what_is_said(figure))


def _size(groups: tuple[RiskGroup, ...]) -> str:
    return formats.count(round(sum(group.n for group in groups) / len(groups)))


def calibration_lines(found: Calibration) -> list[str]:
    """`Calibration slope 0.94 (95% CI, 0.70 to 1.18)` and the like; what is not estimable is left out."""
    named = {
        "Calibration slope": found.slope,
        "Calibration in the large": found.intercept,
        "Area under the ROC curve": found.area,
    }
    known = ((name, s) for name, s in named.items() if s is not None and s.value is not None)
    return [f"{name} {_with_limits(statistic)}" for name, statistic in known]


def _with_limits(statistic: Statistic) -> str:
    value = formats.number(statistic.value, 2)
    if statistic.lower is None:
        return value
    limits = formats.between(formats.number(statistic.lower, 2), formats.number(statistic.upper, 2))
    return formats.with_interval(value, statistic.confidence, limits)


def _words(found: Calibration) -> Iterator[str]:
    for group in found.groups:
        predicted, observed = (formats.number(100 * value, 0) for value in (group.predicted, group.observed))
        yield f"Predicted {predicted}, observed {observed} ({group.n_events}/{group.n})."
    yield from (f"{line}." for line in calibration_lines(found))


def _data(groups: tuple[RiskGroup, ...]) -> Iterator[tuple[object, ...]]:
    yield DATA_HEADER
    for position, g in enumerate(groups):
        yield position + 1, g.n, g.n_events, g.predicted, g.observed, g.lower, g.upper
