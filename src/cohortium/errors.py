"""The error families of Cohortium: one base class, a fixed exit code each.

An error message says what is wrong, where, what was expected and what to do. It never holds
a patient's value. Problems are collected, so that one run reports all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input file.

    `where` is a place such as `study.toml:42` or `sites/site-01/patients.csv:7`; `what` says what is
    wrong and what was expected; `hint` says what to do (a suggestion, a command).
    """

    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}"
        return f"{text} ({self.hint})" if self.hint else text


class CohortiumError(Exception):
    """Base class of every error that Cohortium raises on purpose."""

    exit_code: ClassVar[int] = 1
    family: ClassVar[str] = "error"

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        self.message = message
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join([message, *(f"  {problem}" for problem in self.problems)]))


class UsageError(CohortiumError):
    """A command or a function was called in a way that cannot work."""

    exit_code = 2
    family = "usage"


class StudyFileError(CohortiumError):
    """The study file or the dictionary is not valid."""

    exit_code = 3
    family = "study-file"


class SiteDataError(CohortiumError):
    """A site's files are missing, unreadable or hold values that break the dictionary's rules."""

    exit_code = 4
    family = "site-data"


class RefusedRequestError(CohortiumError):
    """Something was refused: a site's grant does not cover the request, or the rules of sign-off do not allow the act."""

    exit_code = 5
    family = "refused"


class EstimationError(CohortiumError):
    """An estimate could not be made at all (a single statistic's failure is a named problem instead)."""

    exit_code = 6
    family = "estimation"


class WireError(CohortiumError):
    """Totals that are not of the declared shape, not finite, or not decodable."""

    exit_code = 7
    family = "wire"


class OutputError(CohortiumError):
    """Results could not be written; nothing half-written is left behind."""

    exit_code = 8
    family = "output"


class AuditError(CohortiumError):
    """The audit file is not one unbroken chain, or cannot be read."""

    exit_code = 9
    family = "audit"


FAMILIES: Sequence[type[CohortiumError]] = (
    UsageError,
    StudyFileError,
    SiteDataError,
    RefusedRequestError,
    EstimationError,
    WireError,
    OutputError,
    AuditError,
)
