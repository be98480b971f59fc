"""Stages, cytogenetics, soft-tissue disease, earlier therapy and eligibility for a trial, over a frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import polars as pl

from cohortium.api.arguments import require_choice, require_known
from cohortium.api.rule_frame import by_rule, made, tidy
from cohortium.derivations.cytogenetics import cytogenetic_hits as count_hits
from cohortium.derivations.cytogenetics import high_risk_cytogenetics as judge_cytogenetics
from cohortium.derivations.eligibility import trial_eligibility as judge_eligibility
from cohortium.derivations.rule import Tables
from cohortium.derivations.soft_tissue import soft_tissue_disease as group_disease
from cohortium.derivations.staging import r2_iss as stage_r2_iss
from cohortium.derivations.staging import r_iss as stage_r_iss
from cohortium.derivations.therapy_history import prior_therapy as judge_therapy
from cohortium.study.derive.cytogenetics import CytogeneticHits, HighRiskCytogenetics
from cohortium.study.derive.eligibility import LIMITS, TrialEligibility
from cohortium.study.derive.prior_therapy import PriorTherapy
from cohortium.study.derive.revised_staging import R2Iss, RIss
from cohortium.study.derive.soft_tissue import SoftTissueDisease
from cohortium.study.tables import THERAPIES

if TYPE_CHECKING:
    from cohortium.api.frames import Frame

RiskSetName = Literal["classic", "extended", "ims-imwg-2025"]
Both = Literal["true-emd", "own-group"]
Trial = Literal["majestec-1"]

_KINDS = {"text": pl.String, "code": pl.String, "integer": pl.Int64, "date": pl.Int64}
THERAPY_SCHEMA = {"patient": pl.String, **{column.name: _KINDS[column.kind] for column in THERAPIES.columns}}
_COLUMNS = ("drug", "drug_class", "role")


def r_iss(
    frame: Frame, *, columns: Mapping[str, str] | None = None, ldh_upper_limit: float | None = None
) -> pl.DataFrame:
    """Stage by the Revised International Staging System.

    frame     `iss` or `beta2_microglobulin` (mg/L) with `albumin` (g/dL); `ldh` (U/L) with `ldh_upper_limit`, or
              `ldh_elevated`; `del_17p`, `t_4_14`, `t_14_16` (positive, negative, not tested)
    columns   these names to the columns of the frame, where they differ
    ldh_upper_limit   one upper limit of normal for all, in place of a column

    Returns `r_iss`: I, II, III, or null where what is not known could change it.

    Raises
        UsageError: a column is missing or holds other values.

    References: Palumbo et al. 2015.

    >>> import polars as pl
    >>> from cohortium import r_iss
    >>> frame = pl.DataFrame({"iss": ["I", "III"], "del_17p": ["no", "yes"], "t_4_14": ["no", "not tested"],
    ...                       "t_14_16": ["no", "not tested"], "ldh": [200, None]})
    >>> r_iss(frame, ldh_upper_limit=250)["r_iss"].to_list()
    ['I', 'III']
    """
    return by_rule(stage_r_iss, RIss, frame, columns, name="r_iss", label="R-ISS", ldh_upper_limit=ldh_upper_limit)


def r2_iss(
    frame: Frame, *, columns: Mapping[str, str] | None = None, ldh_upper_limit: float | None = None
) -> pl.DataFrame:
    """Stage by the Second Revision of the International Staging System.

    frame     as for `r_iss`, with `gain_1q` or `copies_1q` (3 or more are a gain) in place of `t_14_16`
    columns, ldh_upper_limit   as for `r_iss`

    Returns `r2_iss` (I, II, III, IV, or null where what is not known could change it) and `r2_iss_points` (null unless
    all is known).

    Raises
        UsageError: a column is missing or holds other values.

    References: D'Agostino et al. 2022, with its erratum.

    >>> import polars as pl
    >>> from cohortium import r2_iss
    >>> frame = pl.DataFrame({"iss": ["III", "II"], "del_17p": ["yes", "no"], "t_4_14": ["yes", "no"],
    ...                       "copies_1q": [None, 2], "ldh_elevated": ["no", "no"]})
    >>> r2_iss(frame).rows()
    [('IV', None), ('II', 1.0)]
    """
    return by_rule(stage_r2_iss, R2Iss, frame, columns, name="r2_iss", label="R2-ISS", ldh_upper_limit=ldh_upper_limit)


def high_risk_cytogenetics(
    frame: Frame,
    *,
    set: RiskSetName,  # noqa: A002  the key's name in a study file
    columns: Mapping[str, str] | None = None,
    del_17p_percent_at_least: float | None = None,
    taken_as_negative: Sequence[str] = (),
) -> pl.DataFrame:
    """Whether cytogenetics are high-risk by a named set.

    frame     lesions, each positive, negative or not tested: `del_17p`, `tp53_mutation`, `t_4_14`, `t_14_16`, `t_14_20`,
              `gain_1q` or `copies_1q`, `del_1p32`, `del_1p32_biallelic`; for `ims-imwg-2025` also `del_17p_percent`,
              `beta2_microglobulin` (mg/L) and `creatinine` (mg/dL)
    set       `classic`, `extended` or `ims-imwg-2025`
    columns   these names to the columns of the frame, where they differ
    del_17p_percent_at_least   share of cells from which del(17p) counts; None: 20 in `ims-imwg-2025`, any in the others
    taken_as_negative   findings that count as negative where they were not tested

    Returns `high_risk_cytogenetics`: high-risk, standard-risk, or null exactly where an untested lesion could change it.

    Raises
        UsageError: a column is missing or holds other values.

    References: Avet-Loiseau et al. 2025.

    >>> import polars as pl
    >>> from cohortium import high_risk_cytogenetics
    >>> frame = pl.DataFrame({"del_17p": ["no", "no", "yes"], "t_4_14": ["no", "no", None],
    ...                       "t_14_16": ["no", "not tested", None]})
    >>> high_risk_cytogenetics(frame, set="classic").to_series().to_list()
    ['standard-risk', None, 'high-risk']
    """
    require_choice("set", set, RiskSetName)
    return by_rule(
        judge_cytogenetics, HighRiskCytogenetics, frame, columns, name="high_risk_cytogenetics", label="High risk",
        set=set, del_17p_percent_at_least=del_17p_percent_at_least, taken_as_negative=tuple(taken_as_negative),
    )  # fmt: skip


def cytogenetic_hits(
    frame: Frame, *, columns: Mapping[str, str] | None = None, lesions: Sequence[str] | None = None
) -> pl.DataFrame:
    """Number of high-risk lesions, with double and triple hit as in mSMART 3 (general knowledge, not checked).

    frame     lesions as for `high_risk_cytogenetics`
    columns   these names to the columns of the frame, where they differ
    lesions   those that count; None: del(17p), TP53 mutation, t(4;14), t(14;16), t(14;20), gain of 1q

    Returns `hits` (none, single, double, triple, or null where untested lesions could change it) and `hits_n` (null
    unless all were tested).

    Raises
        UsageError: a column is missing or holds other values.

    >>> import polars as pl
    >>> from cohortium import cytogenetic_hits
    >>> frame = pl.DataFrame({"del_17p": ["yes", "yes"], "gain_1q": ["yes", "not tested"]})
    >>> cytogenetic_hits(frame, lesions=["del_17p", "gain_1q"]).rows()
    [('double', 2), (None, None)]
    """
    counted = None if lesions is None else tuple(lesions)
    return by_rule(count_hits, CytogeneticHits, frame, columns, name="hits", label="Hits", lesions=counted)


def soft_tissue_disease(
    frame: Frame, *, columns: Mapping[str, str] | None = None, both: Both = "true-emd"
) -> pl.DataFrame:
    """Group of soft-tissue disease from two facts.

    frame     `extramedullary` (not contiguous with bone) and `paraskeletal` (contiguous): positive, negative, not tested
    columns   these names to the columns of the frame, where they differ
    both      patients with both kinds: `true-emd`, or `own-group`

    Returns `soft_tissue_disease`: true-emd, paraskeletal, both (as its own group), none, or null where a fact that is not
    known could change it.

    Raises
        UsageError: a column is missing or holds other values.

    >>> import polars as pl
    >>> from cohortium import soft_tissue_disease
    >>> frame = pl.DataFrame({"extramedullary": [True, False, None], "paraskeletal": [True, False, True]})
    >>> soft_tissue_disease(frame).to_series().to_list()
    ['true-emd', 'none', None]
    """
    require_choice("both", both, Both)
    label = "Soft-tissue disease"
    return by_rule(group_disease, SoftTissueDisease, frame, columns, name="soft_tissue_disease", label=label, both=both)


@dataclass(frozen=True, slots=True)
class PriorTherapyResult:
    """Earlier therapy of patients.

    patients   one row a patient: `patient`, `lines`, then exposure and refractoriness by name
    drugs      one row a drug within an earlier line, with `refractory` and its `explanation`
    """

    patients: pl.DataFrame = field(repr=False)
    drugs: pl.DataFrame = field(repr=False)


def prior_therapy(
    therapies: Frame,
    *,
    columns: Mapping[str, str] | None = None,
    refractory_within_days: int = 60,
    no_progression_day: Literal["unknown", "no-progression"] = "unknown",
    index: Literal["origin", "index-therapy"] = "origin",
) -> PriorTherapyResult:
    """Lines, exposure and refractoriness from rows of therapy.

    therapies   one row a drug within a line: `patient`, `line`, `drug`, `drug_class`, `role` (prior, index ...), `start`,
                `stop`, `best_response`, `stop_reason`, `progression`; days are whole numbers
    columns     these names to the columns of the frame, where they differ
    refractory_within_days   progression on the drug, or within so many days of its last dose, the last day included
    no_progression_day       what a missing day of progression means
    index       day to which the time since the last CAR T cells against BCMA is counted: day 0, or that of role `index`

    Returns a `PriorTherapyResult`; an answer is null where rows do not tell.

    Raises
        UsageError: a column is missing, or a day is not a whole number.

    References: Rajkumar et al. 2011.

    >>> import polars as pl
    >>> from cohortium import prior_therapy
    >>> rows = pl.DataFrame({"patient": ["A"], "line": [1], "drug": ["lenalidomide"], "drug_class": ["imid"],
    ...     "role": ["prior"], "start": [-500], "stop": [-100], "best_response": ["PR"], "progression": [-40]})
    >>> prior_therapy(rows).patients["lines_refractory_lenalidomide"].to_list()
    ['yes']
    """
    rows = tidy(therapies, THERAPY_SCHEMA, columns or {}, ("patient", *_COLUMNS))
    keys = {"name": "lines", "label": "Earlier lines of therapy", "refractory_within_days": refractory_within_days}
    section = made(PriorTherapy, {**keys, "no_progression_day": no_progression_day, "index": index})
    patients = rows.select("patient").unique(maintain_order=True)
    none = pl.DataFrame()
    found = judge_therapy(Tables(patients, rows, none, none, none), section)
    return PriorTherapyResult(found.columns, none if found.records is None else found.records)


def trial_eligibility(
    frame: Frame,
    *,
    criteria: Trial = "majestec-1",
    columns: Mapping[str, str] | None = None,
    leave_out: Sequence[str] = (),
    limits: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Whether each patient would have been eligible for a trial, criterion by criterion.

    frame     what the criteria read, under the names of the keys of `rule = "trial-eligibility"`; a criterion without a
              column is not known
    criteria  `majestec-1`
    columns   these names to the columns of the frame, where they differ
    leave_out criteria that are not judged
    limits    limits in place of the trial's, e.g. `{"platelets_at_least": 50}`

    Returns `eligibility` (eligible, ineligible, or null), `eligibility_n_not_met`, `eligibility_n_unknown`,
    `eligibility_first_reason`, `eligibility_only_reason`, and for every criterion met, not-met or null.

    Raises
        UsageError: a column is missing or holds other values, or there is no such criterion or limit.

    References: Moreau et al. 2022; laboratory limits and exclusions are general knowledge, not checked.

    >>> import polars as pl
    >>> from cohortium import trial_eligibility
    >>> frame = pl.DataFrame({"ecog": [1, 3], "prior_bcma": [None, "no"]})
    >>> trial_eligibility(frame)["eligibility"].to_list()
    [None, 'ineligible']
    """
    require_choice("criteria", criteria, Trial)
    require_known("limits", limits or {}, LIMITS)
    return by_rule(
        judge_eligibility, TrialEligibility, frame, columns, name="eligibility", label="Eligibility",
        criteria=criteria, leave_out=tuple(leave_out), **(limits or {}),
    )  # fmt: skip
