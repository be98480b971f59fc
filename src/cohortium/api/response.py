"""`imwg_response` and `confirm_responses`: response of multiple myeloma, from laboratory values or as called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
import polars.selectors as cs

from cohortium.api.arguments import require_choice
from cohortium.api.frames import Sites
from cohortium.derivations.response.best import best_of
from cohortium.derivations.response.called import called_of, called_records
from cohortium.derivations.response.criteria import VERSIONS, with_least
from cohortium.derivations.response.options import Confirmation, Options
from cohortium.derivations.response.outcome import Comparison, outcome_of
from cohortium.derivations.response.residual_disease import ResidualOptions
from cohortium.derivations.response.summary import responder
from cohortium.errors import UsageError
from cohortium.study.quantities import QUANTITIES
from cohortium.study.tables import RESPONSES

if TYPE_CHECKING:
    from cohortium.api.frames import Frame

Version = Literal["IMWG2016", "IMWG2011"]
Lowest = Literal["confirmed", "any"]
MarrowForCr = Literal["required", "if-examined"]
AfterNewTherapy = Literal["stop", "ignore"]


@dataclass(frozen=True)
class ImwgResponse:
    """Responses by the criteria of the International Myeloma Working Group.

    visits         a row per visit after the first dose: `response` as derived, `confirmed`, `progression_basis`,
                   `is_adequate`, `explanation`, `version`, `track`, `is_kept` and the amounts with their changes
    patients       a row per patient: `best` confirmed, `reported`, `responder`, `evaluable`, days of first and best
                   response and of progression, `best_change`, `mrd`, `agreement`
    disagreements  calls of the site that differ from what was derived
    tests          tests for residual disease, whether they count, and why not
    relapses       signs of clinical relapse, for review
    from_complete  first sign that disease is back after a confirmed CR
    """

    version: str
    visits: pl.DataFrame = field(repr=False)
    patients: pl.DataFrame = field(repr=False)
    disagreements: pl.DataFrame = field(repr=False)
    tests: pl.DataFrame = field(repr=False)
    relapses: pl.DataFrame = field(repr=False)
    from_complete: pl.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        return f"{self.version}, best confirmed response: {_counts(self.patients)}"


@dataclass(frozen=True)
class ConfirmedResponses:
    """Responses as called, with what is confirmed at each.

    visits    a row per call after the first dose
    patients  a row per patient: `best` confirmed, `reported`, `responder`, days of first and best response, progression
    """

    visits: pl.DataFrame = field(repr=False)
    patients: pl.DataFrame = field(repr=False)

    def __repr__(self) -> str:
        return f"Best confirmed response: {_counts(self.patients)}"


def imwg_response(
    assessments: Frame,
    patients: Frame | None = None,
    *,
    responses: Frame | None = None,
    version: Version = "IMWG2016",
    serum_measurable: float = 1.0,
    urine_measurable: float = 200.0,
    flc_measurable: float = 10.0,
    marrow_measurable: float = 30.0,
    vgpr_plasmacytoma_fall: float | None = None,
    mr_plasmacytoma_fall: float | None = None,
    lowest: Lowest = "confirmed",
    marrow_for_cr: MarrowForCr = "required",
    use_immunoglobulin: bool = False,
    radiologist_progresses: bool = True,
    visit_window_days: int = 0,
    baseline_window_days: int | None = None,
    longest_gap_days: int | None = None,
    after_new_therapy: AfterNewTherapy = "stop",
    compare_window_days: int = 7,
    mrd_sensitivity: float | None = 1e-5,
    mrd_sustained_days: int = 365,
    explain: bool = True,
) -> ImwgResponse:
    """Derive the response of multiple myeloma at every visit from laboratory values, marrow and imaging.

    assessments  polars or pandas frame, a row per measured quantity: `patient`, `day` from the first dose, `quantity`
                 (a code), `value` or `result`, and where known `unit`, `method`, `sample`, `spurious`
    patients     a row per patient: `patient` and where known `new_therapy` (day), `progression_death` (true or false)
                 and `data_cutoff` (day); the patients of `assessments` when absent
    responses    the site's own calls to compare with: `patient`, `day`, `response`
    version      of the criteria
    serum_measurable        g/dL of serum M-protein at baseline from which it is measurable
    urine_measurable        mg/24 h of urine M-protein
    flc_measurable          mg/dL of involved free light chains
    marrow_measurable       percent of plasma cells in marrow
    vgpr_plasmacytoma_fall  percent that VGPR needs of plasmacytomas; nothing when absent
    mr_plasmacytoma_fall    percent that MR needs of plasmacytomas; that of the version when absent
    lowest       progression from the lowest value that the next one bears out (`confirmed`), or from `any`
    marrow_for_cr           `required`, or only `if-examined`
    use_immunoglobulin      IgA or IgD stands for serum M-protein where that has no baseline
    radiologist_progresses  whether progression in the radiologist's judgment counts
    visit_window_days       days after the first of a visit that belong to it
    baseline_window_days    days before the first dose from which a baseline value may be; any when absent
    longest_gap_days        days after which an assessment confirms nothing; no limit when absent
    after_new_therapy       `stop`: responses count before new therapy; `ignore`: always
    compare_window_days     days between a call of the site and the visit it is compared with
    mrd_sensitivity         from which a negative test for residual disease counts; None: also where not known
    mrd_sustained_days      between negative tests that are sustained
    explain      whether every visit is explained in words, which takes as long as everything else

    Returns an `ImwgResponse`.

    Leaves the site: nothing; rows stay where they are.

    Raises
        UsageError: a column is missing, a code or a unit is not known, or an argument is not allowed.

    References: Rajkumar et al. 2011; Kumar et al. 2016.

    >>> import polars as pl
    >>> from cohortium import imwg_response
    >>> rows = {"patient": ["A"] * 3, "day": [0, 28, 56], "quantity": ["serum-m-protein"] * 3, "value": [3.1, 1.2, 1.1]}
    >>> found = imwg_response(pl.DataFrame(rows))
    >>> found
    IMWG2016, best confirmed response: PR 1
    >>> found.visits["explanation"][0]
    'PR: serum M-protein fell 61% from 3.1 to 1.2 g/dL; urine not measured, so not VGPR'
    """
    for argument, value, allowed in (("version", version, Version), ("lowest", lowest, Lowest),
                                     ("marrow_for_cr", marrow_for_cr, MarrowForCr)):  # fmt: skip
        require_choice(argument, value, allowed)
    bounds = {
        "serum_measurable": serum_measurable,
        "urine_measurable": urine_measurable,
        "flc_measurable": flc_measurable,
        "marrow_measurable": marrow_measurable,
        "vgpr_plasmacytoma_fall": vgpr_plasmacytoma_fall,
        "mr_plasmacytoma_fall": mr_plasmacytoma_fall,
    }
    rows = _in_units(_frame("assessments", assessments, ("patient", "day", "quantity", "value")))
    found = outcome_of(
        rows,
        _patients(patients, rows),
        Options(
            criteria=with_least(VERSIONS[version], bounds),
            lowest=lowest,
            marrow_for_cr=marrow_for_cr,
            use_immunoglobulin=use_immunoglobulin,
            radiologist_progresses=radiologist_progresses,
            visit_window_days=visit_window_days,
            baseline_window_days=baseline_window_days,
            confirmation=_confirmation(longest_gap_days, after_new_therapy),
        ),
        Comparison(None if responses is None else _calls(responses), compare_window_days),
        ResidualOptions(sensitivity=mrd_sensitivity, sustained_days=mrd_sustained_days),
        explains=explain,
    )
    return ImwgResponse(
        version=version,
        visits=found.records,
        patients=found.patients,
        disagreements=found.disagreements,
        tests=found.tests,
        relapses=found.relapses,
        from_complete=found.from_complete,
    )


def confirm_responses(
    responses: Frame,
    patients: Frame | None = None,
    *,
    longest_gap_days: int | None = None,
    after_new_therapy: AfterNewTherapy = "stop",
) -> ConfirmedResponses:
    """Confirm responses as they were called, by two consecutive assessments.

    responses  polars or pandas frame: `patient`, `day` from the first dose, `response` (sCR, CR, VGPR, PR, MR, SD, PD, NE)
               and where known `basis` (`imaging` or `biochemical`, of a progression) and `sample`
    patients   a row per patient: `patient` and where known `new_therapy` (day), `progression_death` (true or false) and
               `data_cutoff` (day); the patients of `responses` when absent
    longest_gap_days   days after which an assessment confirms nothing; no limit when absent
    after_new_therapy  `stop`: responses count before new therapy; `ignore`: always

    Returns a `ConfirmedResponses`.

    Leaves the site: nothing; rows stay where they are.

    Raises
        UsageError: a column is missing, a code is not known, or an argument is not allowed.

    References: Kumar et al. 2016.

    >>> import polars as pl
    >>> from cohortium import confirm_responses
    >>> calls = pl.DataFrame({"patient": ["A"] * 3, "day": [42, 84, 126], "response": ["VGPR", "PR", "PR"]})
    >>> confirm_responses(calls).visits["confirmed"].to_list()
    ['PR', 'PR', 'PR']
    """
    calls = _calls(responses)
    options = _confirmation(longest_gap_days, after_new_therapy)
    everyone = _patients(patients, calls)
    called = called_of(calls, everyone, options)
    best = best_of(called.patients, called.patient, called.day, called.level, called.confirmed)
    found = everyone.select("patient").join(best, on="patient", how="left", maintain_order="left")
    columns = ("patient", "best", "reported", "responder", "first_response", "best_day", "progression")
    return ConfirmedResponses(called_records(called), found.with_columns(responder()).select(columns))


def _confirmation(longest_gap_days: int | None, after_new_therapy: AfterNewTherapy) -> Confirmation:
    require_choice("after_new_therapy", after_new_therapy, AfterNewTherapy)
    return Confirmation(longest_gap_days=longest_gap_days, new_therapy=after_new_therapy)


def _frame(argument: str, frame: Any, columns: Sequence[str]) -> pl.DataFrame:
    """A frame of either kind as polars, with the columns that are needed; the patient's key as text."""
    names = [str(name) for name in getattr(frame, "columns", ())]
    missing = [name for name in columns if name not in names]
    if missing:
        raise UsageError(f"{argument}: no column {', '.join(missing)}; expected {', '.join(columns)}")
    found = Sites(frame, names).given[0]
    return found.with_columns(pl.col("patient").cast(pl.String), (cs.float() - cs.by_name("patient")).fill_nan(None))


def _patients(patients: Frame | None, rows: pl.DataFrame) -> pl.DataFrame:
    if patients is None:
        return rows.select(pl.col("patient").drop_nulls().unique(maintain_order=True))
    found = _frame("patients", patients, ("patient",))
    if found["patient"].null_count() or found["patient"].n_unique() < found.height:
        raise UsageError("patients: expected one row a patient, each with a key")
    return found


def _calls(responses: Frame) -> pl.DataFrame:
    found = _frame("responses", responses, ("patient", "day", "response"))
    known = found["response"].is_in(list(RESPONSES)) | found["response"].is_null()
    if not known.all():
        raise UsageError(f"column response: expected {', '.join(RESPONSES)}; recode it first")
    return found


def _in_units(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with every value in the unit of its quantity.

    Raises UsageError for a quantity or a unit that is not known, without repeating what stands there.
    """
    if not rows["quantity"].drop_nulls().unique().is_in(list(QUANTITIES)).all():
        raise UsageError(f"column quantity: there are unknown codes; expected {', '.join(QUANTITIES)}")
    if "unit" not in rows.columns or rows["unit"].null_count() == rows.height:
        return rows
    pairs = rows.select("quantity", "unit").drop_nulls().unique()
    factors = [QUANTITIES[quantity].factor(unit) for quantity, unit in pairs.iter_rows()]
    wrong = sorted({pairs["quantity"][i] for i, factor in enumerate(factors) if factor is None})
    if wrong:
        units = "; ".join(f"{name} in {QUANTITIES[name].unit or 'no unit'}" for name in wrong)
        raise UsageError(f"column unit: there are units that do not belong to their quantity; expected {units}")
    table = pairs.with_columns(pl.Series("factor", factors, dtype=pl.Float64))
    joined = rows.join(table, on=["quantity", "unit"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("value") * pl.col("factor").fill_null(1.0)).drop("factor", "unit")


def _counts(patients: pl.DataFrame) -> str:
    found = dict(patients["best"].value_counts().iter_rows())
    named = [f"{code} {found[code]}" for code in RESPONSES if code in found]
    return ", ".join([*named, *([f"unknown {found[None]}"] if None in found else [])])
