"""A design file: TOML, checked in full; every problem at once."""

from __future__ import annotations

from pathlib import Path

from cohortium.errors import Problem, StudyFileError
from cohortium.simulation.design.model import Design
from cohortium.simulation.sites.known import HABITS
from cohortium.study.locate import locate
from cohortium.study.shape import read_shape_of
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.toml import read_toml

_REPEATED = (("group",), ("site",))


def read_design(path: Path) -> Design:
    """The design of a file.

    Raises
        StudyFileError: it cannot be read, or is not a design; with every problem.
    """
    raw, text, problem = read_toml(path)
    problems = [problem] if problem else []
    design = None
    if not problem:
        lines = locate(text, path.name)
        design, faults = read_shape_of(Design, _REPEATED, raw)
        problems += [
            Problem(lines.place(where) if where else f"{path.name}:1", what, hint) for where, what, hint in faults
        ]
        for position, site in enumerate(design.site if design else ()):
            if site.habits not in HABITS:
                where = lines.place(("site", position, "habits"))
                problems.append(
                    Problem(
                        where,
                        f"{shown(site.habits)} are no habits; {one_of(HABITS)}",
                        did_you_mean(site.habits, HABITS),
                    )
                )
    if problems or design is None:
        raise StudyFileError(
            f"The design in {path} has {len(problems)} problem{'s' if len(problems) > 1 else ''}:", problems
        )
    return design
