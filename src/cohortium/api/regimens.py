"""`regimen_of_line`: what one line of therapy was, from rows of therapy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from cohortium.api.arguments import require_choice
from cohortium.api.risk import THERAPY_SCHEMA
from cohortium.api.rule_frame import made, tidy
from cohortium.derivations.rule import Tables
from cohortium.derivations.therapy_history import regimen_of_line as judge_line
from cohortium.study.derive.regimen import Counted, RegimenOfLine

if TYPE_CHECKING:
    from cohortium.api.frames import Frame

_NEEDED = ("patient", "line", "drug_class", "role")


def regimen_of_line(
    therapies: Frame,
    *,
    line: int,
    counted: Counted = "from-first",
    regimens: Mapping[str, Sequence[str]] | None = None,
    columns: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """The category of one line of therapy of every patient.

    therapies  one row a drug within a line: `patient`, `line`, `drug_class`, `role` (prior, index, subsequent ...)
    line       which line, from 1
    counted    `from-first`, `before-study-drug` (1 is the last line before it) or `after-study-drug` (1 is the next)
    regimens   printed category to the classes of which a line has one at least, in order of precedence; None: as in
               `rule = "regimen-of-line"`
    columns    these names to the columns of the frame, where they differ

    Returns `patient` and `regimen`, a row a patient; patients who never had the line have a level of their own, and one
    whose rows do not tell is null.

    Raises
        UsageError: a column or a class is missing, or a line is not a whole number.

    >>> import polars as pl
    >>> from cohortium import regimen_of_line
    >>> rows = pl.DataFrame({"patient": ["A", "A", "B"], "line": [1, 2, 1], "drug_class": ["imid", "bcma-car-t", "pi"],
    ...                      "role": ["prior", "prior", "prior"]})
    >>> regimen_of_line(rows, line=2)["regimen"].to_list()
    ['CAR T cells', 'No further line']
    """
    require_choice("counted", counted, Counted)
    rows = tidy(therapies, THERAPY_SCHEMA, columns or {}, _NEEDED)
    keys: dict[str, object] = {"name": "regimen", "label": "Regimen", "counted": counted, "line": line}
    if regimens is not None:
        keys["regimens"] = tuple({"label": label, "any_of": tuple(classes)} for label, classes in regimens.items())
    patients = rows.select("patient").unique(maintain_order=True)
    none = pl.DataFrame()
    return judge_line(Tables(patients, rows, none, none, none), made(RegimenOfLine, keys)).columns
