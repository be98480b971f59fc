"""Grades of toxicity over frames: syndromes, adverse events, laboratory values, hematotoxicity, the ICE score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from cohortium.api.arguments import require_choice
from cohortium.api.rule_frame import made
from cohortium.api.toxicity_frames import assessed, evented, patients_of, tables_of
from cohortium.derivations.toxicity import adverse_events as derive_events
from cohortium.derivations.toxicity import crs as derive_crs
from cohortium.derivations.toxicity import ctcae_laboratory as derive_laboratory
from cohortium.derivations.toxicity import icaht as derive_icaht
from cohortium.derivations.toxicity import icans as derive_icans
from cohortium.derivations.toxicity.astct_grading import ICE_PARTS
from cohortium.errors import UsageError
from cohortium.study.derive.adverse_events import AdverseEvents
from cohortium.study.derive.ctcae_laboratory import CtcaeLaboratory, CtcaeVersion, UnitSystem
from cohortium.study.derive.icaht import Icaht
from cohortium.study.derive.toxicity import Crs, Icans

if TYPE_CHECKING:
    from cohortium.api.frames import Frame
    from cohortium.derivations.rule import Derived

Without = Literal["none", "unknown"]


@dataclass(frozen=True, slots=True)
class Graded:
    """Grades of patients.

    patients       one row a patient; a grade is null where what is not known could change it
    records        one row an event or a value, with the lowest and the highest grade it can be
    disagreements  events whose grade by the site is none that was derived; empty where there is none
    impossible     rows of the events that cannot be true: position in the frame from 0, rule and what was expected
    """

    patients: pl.DataFrame = field(repr=False)
    records: pl.DataFrame = field(repr=False)
    disagreements: pl.DataFrame = field(repr=False)
    impossible: pl.DataFrame = field(repr=False)


def crs_grades(events: Frame, patients: Frame | None = None, *, term: str = "crs", to_day: int | None = None) -> Graded:
    """Grade cytokine release syndrome from fever, blood pressure support and oxygen.

    events     one row an event: `patient`, `term`, and where there are `onset`, `end` (days), `grade` of the site,
               `temperature` (degrees Celsius), `hypotension`, `oxygen`, `outcome`, `tocilizumab`, `corticosteroids`, with
               the codes of the table `events`
    patients   `patient`: everybody, so that those without an event count as without; None: those of `events`
    term       term of the rows that count
    to_day     last day of onset that counts

    Returns a `Graded`: `crs` (0 to 5), `crs_any`, `crs_severe`, `crs_at_least`, `crs_site`, `crs_onset`, `crs_duration`,
    `crs_tocilizumab`, `crs_corticosteroids`.

    Raises
        UsageError: a column is missing or holds other values.

    References: Lee et al. 2019.

    >>> import polars as pl
    >>> from cohortium import crs_grades
    >>> events = pl.DataFrame({"patient": ["A", "B"], "term": ["crs", "crs"], "temperature": [38.4, 39.1],
    ...                        "hypotension": ["none", "one-pressor"], "oxygen": ["low-flow", None],
    ...                        "outcome": ["recovered", "recovered"]})
    >>> crs_grades(events).patients["crs"].to_list(), crs_grades(events).patients["crs_at_least"].to_list()
    (['2', None], [2, 3])
    """
    section = made(Crs, {"name": "crs", "label": "Cytokine release syndrome", "term": term, "to_day": to_day})
    return _of_events(derive_crs, section, events, patients)


def icans_grades(
    events: Frame, patients: Frame | None = None, *, term: str = "icans", to_day: int | None = None
) -> Graded:
    """Grade neurotoxicity from the worst of five domains.

    events     as for `crs_grades`, with `ice` (0 to 10), `consciousness`, `seizure`, `motor`, `edema`
    patients, term, to_day   as for `crs_grades`

    Returns a `Graded`: `icans` (0 to 5) and the others as for `crs_grades`.

    Raises
        UsageError: a column is missing or holds other values.

    References: Lee et al. 2019.

    >>> import polars as pl
    >>> from cohortium import icans_grades
    >>> events = pl.DataFrame({"patient": ["A"], "term": ["icans"], "ice": [5], "consciousness": ["awake"],
    ...     "seizure": ["none"], "motor": ["none"], "edema": ["none"], "outcome": ["recovered"]})
    >>> icans_grades(events).patients["icans"].to_list()
    ['2']
    """
    label = "Immune effector cell-associated neurotoxicity syndrome"
    section = made(Icans, {"name": "icans", "label": label, "term": term, "to_day": to_day})
    return _of_events(derive_icans, section, events, patients)


def ice_score(*, orientation: int, naming: int, commands: int, writing: int, attention: int) -> int:
    """Add the parts of the ICE score, 0 to 10.

    orientation   year, month, city, hospital: 0 to 4
    naming        three objects: 0 to 3
    commands      following a command: 0 or 1
    writing       a sentence: 0 or 1
    attention     counting backwards from 100 by 10: 0 or 1

    Returns the score.

    Raises
        UsageError: a part is not a whole number within its range.

    References: Lee et al. 2019.

    >>> from cohortium import ice_score
    >>> ice_score(orientation=3, naming=3, commands=1, writing=0, attention=1)
    8
    """
    parts = {
        "orientation": orientation, "naming": naming, "commands": commands, "writing": writing, "attention": attention,
    }  # fmt: skip
    wrong = [
        f"{name} from 0 to {ICE_PARTS[name]}"
        for name, points in parts.items()
        if isinstance(points, bool) or points not in range(ICE_PARTS[name] + 1)
    ]
    if wrong:
        raise UsageError(f"expected whole numbers: {', '.join(wrong)}")
    return sum(parts.values())


def adverse_events(
    events: Frame,
    patients: Frame | None = None,
    *,
    groups: Sequence[Mapping[str, Any]] = (),
    from_day: int = 0,
    to_day: int | None = None,
    infection_grade: Literal["site", "intervention"] = "site",
    without_events: Without = "none",
) -> Graded:
    """Find each patient's worst grade of any adverse event and of groups of them.

    events     one row an event: `patient`, `term`, and where there are `onset`, `end`, `grade`, `outcome`,
               `infection_class`, `infection_site`, `intervention`, with the codes of the table `events`
    patients   `patient`: everybody, so that those without an event count as without; None: those of `events`
    groups     each a mapping with `name`, `label` and `terms`, or `infection`, `infection_class`, `infection_site`
    from_day, to_day   days of onset that count
    infection_grade    grade of an infection: the site's, or by the treatment given
    without_events     what a patient without a row had: none, or not known

    Returns a `Graded`: `ae` (0 to 5), `ae_any`, `ae_severe`, `ae_at_least`, `ae_onset`; the same of each group, e.g.
    `ae_pneumonia`. A grade that the term or the outcome refuses is not known.

    Raises
        UsageError: a column is missing or holds other values, or a group has other keys.

    >>> import polars as pl
    >>> from cohortium import adverse_events
    >>> events = pl.DataFrame({"patient": ["A", "A"], "term": ["pneumonia", "rash"], "grade": [3, 1]})
    >>> found = adverse_events(events, groups=[{"name": "lung", "label": "Pneumonia", "terms": ["pneumonia"]}])
    >>> found.patients["ae_lung"].to_list()
    ['3']
    """
    keys = {
        "from_day": from_day,
        "to_day": to_day,
        "infection_grade": infection_grade,
        "without_events": without_events,
    }
    section = made(AdverseEvents, {"name": "ae", "label": "Adverse event", "groups": tuple(groups), **keys})
    return _of_events(derive_events, section, events, patients)


def ctcae_laboratory(
    assessments: Frame,
    patients: Frame | None = None,
    *,
    terms: Sequence[str],
    version: CtcaeVersion = "5.0",
    unit_system: UnitSystem = "us",
    limits: Sequence[Mapping[str, Any]] = (),
    to_day: int | None = None,
    severe_by_days: Sequence[int] = (),
    ongoing_at_days: Sequence[int] = (),
    without_baseline: Literal["unknown", "normal"] = "unknown",
) -> Graded:
    """Grade laboratory values by the Common Terminology Criteria for Adverse Events.

    assessments   one row a value: `patient`, `day`, `quantity` (its code), `value`, and where there are `unit`,
                  `lower_limit`, `upper_limit`; without a unit a value is in the quantity's own
    patients      `patient`, and `sex` (female, male) where limits differ by it; None: the patients of `assessments`
    terms         terms to grade, by code, e.g. `neutrophils-decreased`
    version       `5.0` or `6.0`
    unit_system   whose limits grade every value where the two are rounded differently: `us` or `si`
    limits        limits of normal for rows without: each a mapping with `quantity`, `lower`, `upper`, `sex`
    to_day        last day that counts; the first is day 1
    severe_by_days, ongoing_at_days   days by and at which a grade of 3 or 4 is looked for
    without_baseline   what a missing baseline means where a grade depends on it

    Returns a `Graded`: `lab` (0 to 4, the worst of all terms), `lab_any`, `lab_severe`, `lab_at_least`; the same of each
    term, e.g. `lab_anemia`, with `_by_30` and `_at_30`.

    Raises
        UsageError: a column is missing or holds other values, or the version has no such term.

    References: National Cancer Institute 2017, 2025.

    >>> import polars as pl
    >>> from cohortium import ctcae_laboratory
    >>> labs = pl.DataFrame({"patient": ["A", "A"], "day": [3, 10], "quantity": ["neutrophils"] * 2, "unit": ["/uL"] * 2,
    ...                      "value": [1200, 500]})
    >>> [ctcae_laboratory(labs, terms=["neutrophils-decreased"], version=one).patients["lab"].item()
    ...  for one in ("5.0", "6.0")]
    ['3', '2']
    """
    require_choice("version", version, CtcaeVersion)
    rows = assessed(assessments)
    people = patients_of(patients, rows, {"sex": pl.String})
    keys = {
        "terms": tuple(terms), "version": version, "unit_system": unit_system, "limits": tuple(limits), "to_day": to_day,
        "severe_by_days": tuple(severe_by_days), "ongoing_at_days": tuple(ongoing_at_days),
        "without_baseline": without_baseline, "sex": "sex" if "sex" in people.columns else None,
    }  # fmt: skip
    section = made(CtcaeLaboratory, {"name": "lab", "label": "Laboratory", **keys})
    return _graded(derive_laboratory(tables_of(people, assessments=rows), section))


def icaht_grades(assessments: Frame, patients: Frame | None = None, **keys: Any) -> Graded:
    """Grade hematotoxicity of immune effector cells, early and late, by neutrophils and platelets.

    assessments   as for `ctcae_laboratory`, of the quantities `neutrophils` and `platelets`; day 0 is the infusion
    patients      `patient`, and where there are the days `last_follow_up`, `progression`, `next_therapy`; None: the
                  patients of `assessments`
    keys          keys of the rule `icaht`, e.g. `interpolated_days`

    Returns a `Graded`: `icaht`, `icaht_late`, `icaht_platelets`, `icaht_platelets_late` (0 to 4, null without a value),
    `icaht_days_500`, `icaht_days_100`, `icaht_days_unmeasured`.

    Raises
        UsageError: a column is missing or holds other values, or there is no such key.

    References: Rejeski et al. 2023; Liang et al. 2024.

    >>> import polars as pl
    >>> from cohortium import icaht_grades
    >>> labs = pl.DataFrame({"patient": "A", "day": range(31), "quantity": "neutrophils", "unit": "/uL",
    ...                      "value": [2000] * 5 + [400] * 8 + [1500] * 18})
    >>> icaht_grades(labs).patients.row(0, named=True)["icaht"]
    '2'
    """
    rows = assessed(assessments)
    ends = ("last_follow_up", "progression", "next_therapy")
    people = patients_of(patients, rows, dict.fromkeys(ends, pl.Int64))
    named = {key: key for key in ends if key in people.columns}
    section = made(Icaht, {"name": "icaht", "label": "ICAHT", **named, **keys})
    return _graded(derive_icaht(tables_of(people, assessments=rows), section))


def _of_events(rule: Any, section: Any, events: Frame, patients: Frame | None) -> Graded:
    rows = evented(events)
    return _graded(rule(tables_of(patients_of(patients, rows, {}), events=rows), section))


def _graded(derived: Derived) -> Graded:
    none = pl.DataFrame()
    found = [
        {"row": line, "variable": each.variable, "rule": each.rule, "expected": each.expected}
        for each in derived.findings
        for line in each.lines
    ]
    schema = {"row": pl.Int64, "variable": pl.String, "rule": pl.String, "expected": pl.String}
    records = none if derived.records is None else derived.records
    return Graded(
        derived.columns, records, derived.listings.get("disagreements", none), pl.DataFrame(found, schema=schema)
    )
