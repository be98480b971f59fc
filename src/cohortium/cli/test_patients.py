"""Hand-made patients of a study: derived as a site of their own, never counted, never in results."""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.derivations.derive import derive
from cohortium.derivations.expected import derived_values, mismatch, testable
from cohortium.errors import Problem, SiteDataError, StudyFileError
from cohortium.intake.expected import TEST_PATIENTS, read_expected
from cohortium.intake.patients import read_patients
from cohortium.intake.tables import read_tables
from cohortium.study.model import Site
from cohortium.study.site_mapping import NO_HABITS
from cohortium.study.study import Study
from cohortium.study.table_rows import TableRows
from cohortium.study.tables import PATIENTS

_SITE = Site(id=TEST_PATIENTS, name="Test patients", unassigned=True)


@dataclass(frozen=True)
class Tested:
    """What became of the test patients.

    n_patients, n_expected   0 where the study has none
    problems                 expectations that do not hold, and what is wrong with the files
    """

    n_patients: int
    n_expected: int
    problems: tuple[Problem, ...] = ()

    @property
    def n_passed(self) -> int:
        """Expectations that hold."""
        return max(0, self.n_expected - len(self.problems))

    def __str__(self) -> str:
        patients = "1 test patient" if self.n_patients == 1 else f"{self.n_patients} test patients"
        return f"{patients}: {self.n_passed} of {self.n_expected} expected values derived"


def try_test_patients(study: Study) -> Tested:
    """Derive the test patients and compare; everything that does not hold is in the answer."""
    directory = study.directory / TEST_PATIENTS
    if not (directory.exists() or directory.is_symlink()):
        return Tested(0, 0)
    try:
        patients = read_patients(study, _SITE, NO_HABITS.patients, TEST_PATIENTS)
        tables = read_tables(study, _SITE, NO_HABITS, patients.origins, TEST_PATIENTS)
        expected = read_expected(study)
    except SiteDataError as error:
        return Tested(0, 0, error.problems)
    rows = TableRows(tables.frames, {PATIENTS: patients.rows.file, **tables.files})
    frames, derived = derive(study, patients.frame, TEST_PATIENTS, rows)
    queries = (*patients.queries, *tables.queries, *derived)
    problems = [query.problem for query in queries if query.is_error]
    known, values = testable(study), derived_values(study, frames.received)
    for line in expected:
        fault = mismatch(known, values, (line.patient, line.variable, line.expected))
        if fault:
            what, hint = fault
            problems.append(Problem(line.where, what, hint or line.note))
    return Tested(frames.received.height, len(expected), tuple(problems))


def require_test_patients(study: Study) -> Tested:
    """The test patients, all as expected.

    Raises
        StudyFileError: with every expectation that does not hold.
    """
    tested = try_test_patients(study)
    if tested.problems:
        raise failed(tested)
    return tested


def failed(tested: Tested, more: tuple[Problem, ...] = ()) -> StudyFileError:
    """The error that says so, before the problems that were found elsewhere."""
    return StudyFileError("The study does not derive its test patients as expected:", [*tested.problems, *more])
