"""A whole simulated study as files in memory: the same bytes for the same design and seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cohortium.simulation.chart.consortium import charts_of
from cohortium.simulation.chart.rows import Chart
from cohortium.simulation.defects.plant import NO_DEFECTS, Planted, Wanted, plant
from cohortium.simulation.design.model import Design
from cohortium.simulation.design.text import design_text
from cohortium.simulation.plan.calibrate import n_rounds
from cohortium.simulation.sites.known import HABITS
from cohortium.simulation.sites.mapping import mapping_text
from cohortium.simulation.sites.render import FIRST_LINE, encoded, sheets_of
from cohortium.simulation.write.answers import answers
from cohortium.simulation.write.dictionary import dictionary_text
from cohortium.simulation.write.readme import readme_text
from cohortium.simulation.write.study_file import study_text

ANSWER_KEY = "answer-key"


@dataclass(frozen=True, slots=True)
class Simulated:
    """A simulated study.

    files    bytes by path in the study directory
    charts   every patient, as simulated
    planted  faults that were planted
    """

    design: Design
    seed: int
    files: Mapping[str, bytes] = field(repr=False)
    charts: tuple[Chart, ...] = field(repr=False)
    planted: tuple[Planted, ...] = ()


def simulate(
    design: Design,
    seed: int,
    wanted: Wanted = NO_DEFECTS,
    *,
    data_only: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Simulated:
    """Simulate a study.

    wanted     faults to plant
    data_only  only the sites' files and the answer key, without study.toml, dictionary.csv and README.md
    tell       called after each step with what is being done; see `n_steps`

    Raises
        ValueError: a site names habits that are not known.
    """
    if unknown := sorted({site.habits for site in design.site} - set(HABITS)):
        raise ValueError(f"no habits are known by the names {', '.join(unknown)}")
    return assembled(design, seed, charts_of(design, seed, tell), wanted, data_only=data_only, tell=tell)


def assembled(
    design: Design,
    seed: int,
    charts: Sequence[Chart],
    wanted: Wanted = NO_DEFECTS,
    *,
    data_only: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Simulated:
    """The files of a study of charts that are there already; arguments as `simulate`."""
    files: dict[str, bytes] = {}
    planted: list[Planted] = []
    for site in design.site:
        own, habits = [chart for chart in charts if chart.site == site.id], HABITS[site.habits]
        sheets, found = plant(
            site.id, sheets_of(own, habits, seed), own, habits, wanted, design.design.data_cutoff, seed
        )
        planted += found
        files[f"sites/{site.id}/mapping.toml"] = mapping_text(own, habits).encode()
        for sheet in sheets.values():
            files[f"sites/{site.id}/{sheet.file}"] = encoded(sheet, habits)
        tell("writing files")
    key = {
        **answers(design, charts, planted),
        "simulated-design.toml": f"{FIRST_LINE}\n\n{design_text(design)}".encode(),
    }
    files |= {f"{ANSWER_KEY}/{name}": content for name, content in key.items()}
    study = {} if data_only else _study(design, seed)
    return Simulated(design, seed, {**study, **files}, tuple(charts), tuple(planted))


def n_steps(design: Design) -> int:
    """The most steps that a simulation tells of."""
    return n_rounds() + sum(site.n_patients for site in design.site) + len(design.site)


def _study(design: Design, seed: int) -> dict[str, bytes]:
    return {
        "README.md": readme_text(design, seed).encode(),
        "study.toml": study_text(design).encode(),
        "dictionary.csv": dictionary_text().encode(),
    }
