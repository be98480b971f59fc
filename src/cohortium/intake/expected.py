"""`test-patients/expected.csv`: what hand-made patients are expected to derive to."""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.errors import SiteDataError
from cohortium.intake.site_file import open_file
from cohortium.intake.source import refused
from cohortium.study.site_mapping import NO_HABITS
from cohortium.study.study import Study

TEST_PATIENTS = "test-patients"
EXPECTED = "expected.csv"
_COLUMNS = ("patient", "variable", "expected")
_NOTE = "note"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One line of the file, as written.

    where   file and line
    note    why, in the words of whoever wrote it
    """

    where: str
    patient: str
    variable: str
    expected: str
    note: str = ""


def read_expected(study: Study) -> tuple[Expectation, ...]:
    """The expectations in the order of the file.

    Raises
        SiteDataError: the file is missing, cannot be read or lacks a column, or a line has another number of cells.
    """
    opened = open_file(study, TEST_PATIENTS, EXPECTED, NO_HABITS.patients)
    if missing := [name for name in _COLUMNS if name not in opened.header]:
        raise refused(
            opened.header_place, f"has no column {', '.join(missing)}", "expected patient, variable, expected"
        )
    names = (*_COLUMNS, *([_NOTE] if _NOTE in opened.header else []))
    read = opened.read(names)
    if read.faults:
        raise _broken(opened.where, [(fault.line, fault.expected) for fault in read.faults])
    rows = zip(read.lines.to_list(), read.cells.rows(), strict=True)
    return tuple(Expectation(f"{opened.where}:{line}", *(cell.strip() for cell in cells)) for line, cells in rows)


def _broken(where: str, faults: list[tuple[int, str]]) -> SiteDataError:
    line, expected = faults[0]
    return refused(f"{where}:{line}", f"does not fit; expected {expected}")
