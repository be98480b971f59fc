"""Scores over a frame: EASIX, CAR-HEMATOTOX, MyCARe, kidney function, comorbidity, frailty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from cohortium.api.arguments import require_choice
from cohortium.api.rule_frame import by_rule
from cohortium.derivations.scores import RULES
from cohortium.study.derive.frailty import Charlson, ImwgFrailty, SimplifiedFrailty
from cohortium.study.derive.kidney import CkdEpi2021, CockcroftGault
from cohortium.study.derive.scores import CarHematotox, Easix, MyCare

if TYPE_CHECKING:
    import polars as pl

    from cohortium.api.frames import Frame

EasixVariant = Literal["easix", "m-easix", "s-easix"]
NotCollected = Literal["unknown", "absent"]


def easix(frame: Frame, *, variant: EasixVariant = "easix", columns: Mapping[str, str] | None = None) -> pl.DataFrame:
    r"""Endothelial Activation and Stress Index.

    .. math:: \mathrm{EASIX} = \mathrm{LDH} \times \mathrm{creatinine} / \mathrm{platelets}

    frame     `ldh` (U/L), `platelets` (10^9/L); `creatinine` (mg/dL) for `easix`, `crp` (mg/dL) for `m-easix`
    variant   `easix`; `m-easix`: C-reactive protein in place of creatinine; `s-easix`: LDH / platelets
    columns   these names to the columns of the frame, where they differ

    Returns `easix` and `easix_log2`, null where a component is not known.

    Raises
        UsageError: a column is missing or holds no numbers.

    >>> import polars as pl
    >>> from cohortium import easix
    >>> easix(pl.DataFrame({"ldh": [250], "creatinine": [1.0], "platelets": [150]}))["easix"].round(3).to_list()
    [1.667]
    """
    require_choice("variant", variant, EasixVariant)
    return by_rule(RULES["easix"], Easix, frame, columns, name="easix", label="EASIX", variant=variant)


def car_hematotox(
    frame: Frame,
    *,
    columns: Mapping[str, str] | None = None,
    neutrophils_at_limit: Literal[0, 1] | None = None,
    hemoglobin_at_limit: Literal[0, 1] | None = None,
    crp_at_limit: Literal[0, 1] | None = None,
) -> pl.DataFrame:
    """CAR-HEMATOTOX before lymphodepletion, 0 to 7 points.

    frame     `platelets` and `neutrophils` (10^9/L), `hemoglobin` (g/dL), `crp` (mg/dL), `ferritin` (ng/mL)
    columns   these names to the columns of the frame, where they differ
    neutrophils_at_limit, hemoglobin_at_limit, crp_at_limit   points at exactly 1.2, 9.0 and 3.0, which sources do not
              settle; None: 0, 0 and 1

    Returns `car_hematotox` (null unless all is known) and `car_hematotox_group`: low (0-1), high, or null where what is
    not known could change it.

    Raises
        UsageError: a column is missing or holds no numbers.

    References: Rejeski et al. 2021.

    >>> import polars as pl
    >>> from cohortium import car_hematotox
    >>> frame = pl.DataFrame({"platelets": [60], "neutrophils": [0.7], "hemoglobin": [8.5], "crp": [2.4],
    ...                       "ferritin": [1400]})
    >>> car_hematotox(frame).rows()
    [(5, 'high')]
    """
    return by_rule(
        RULES["car-hematotox"], CarHematotox, frame, columns, name="car_hematotox", label="CAR-HEMATOTOX",
        neutrophils_at_limit=neutrophils_at_limit, hemoglobin_at_limit=hemoglobin_at_limit, crp_at_limit=crp_at_limit,
    )  # fmt: skip


def mycare(
    frame: Frame, *, columns: Mapping[str, str] | None = None, ferritin_upper_limit: float | None = None
) -> pl.DataFrame:
    """MyCARe before CAR T cells, 0 to 4 points.

    frame     `extramedullary`, `plasma_cell_leukemia`, `lenalidomide_refractory`, `high_risk_cytogenetics` (yes or no),
              `ferritin` (ng/mL) with `ferritin_upper_limit`
    columns   these names to the columns of the frame, where they differ
    ferritin_upper_limit   one upper limit of normal for all, in place of a column

    Returns `mycare` (null unless all is known) and `mycare_group`: low (0-1), intermediate (2-3), high (4), or null where
    what is not known could change it.

    Raises
        UsageError: a column is missing or holds other values.

    References: Gagelmann et al. 2024.

    >>> import polars as pl
    >>> from cohortium import mycare
    >>> frame = pl.DataFrame({"extramedullary": ["yes"], "plasma_cell_leukemia": ["no"], "ferritin": [200],
    ...                       "lenalidomide_refractory": ["yes"], "high_risk_cytogenetics": [None]})
    >>> mycare(frame, ferritin_upper_limit=300).rows()
    [(None, 'intermediate')]
    """
    return by_rule(
        RULES["mycare"], MyCare, frame, columns, name="mycare", label="MyCARe",
        ferritin_upper_limit=ferritin_upper_limit,
    )  # fmt: skip


def ckd_epi_2021(frame: Frame, *, columns: Mapping[str, str] | None = None) -> pl.DataFrame:
    r"""Estimated glomerular filtration rate by CKD-EPI 2021.

    .. math:: 142 \min(S/\kappa, 1)^{\alpha} \max(S/\kappa, 1)^{-1.2} \, 0.9938^{\mathrm{age}} \, (1.012 \text{ if female})

    frame     `creatinine` (mg/dL), `age` (years), `sex` (female, male)
    columns   these names to the columns of the frame, where they differ

    Returns `egfr` in mL/min/1.73 m2, null where a component is not known.

    Raises
        UsageError: a column is missing or holds other values.

    References: Inker et al. 2021.

    >>> import polars as pl
    >>> from cohortium import ckd_epi_2021
    >>> ckd_epi_2021(pl.DataFrame({"creatinine": [1.0], "age": [60], "sex": ["F"]}))["egfr"].round(2).to_list()
    [64.5]
    """
    return by_rule(RULES["ckd-epi-2021"], CkdEpi2021, frame, columns, name="egfr", label="eGFR")


def cockcroft_gault(frame: Frame, *, columns: Mapping[str, str] | None = None) -> pl.DataFrame:
    r"""Creatinine clearance by Cockcroft and Gault.

    .. math:: (140 - \mathrm{age}) \, \mathrm{kg} \, (0.85 \text{ if female}) / (72 S)

    frame     `creatinine` (mg/dL), `age` (years), `weight` (kg), `sex` (female, male)
    columns   these names to the columns of the frame, where they differ

    Returns `creatinine_clearance` in mL/min, null where a component is not known.

    Raises
        UsageError: a column is missing or holds other values.

    References: Cockcroft and Gault 1976.

    >>> import polars as pl
    >>> from cohortium import cockcroft_gault
    >>> frame = pl.DataFrame({"creatinine": [1.0], "age": [60], "weight": [70], "sex": ["M"]})
    >>> cockcroft_gault(frame).to_series().round(2).to_list()
    [77.78]
    """
    label = "Creatinine clearance"
    return by_rule(RULES["cockcroft-gault"], CockcroftGault, frame, columns, name="creatinine_clearance", label=label)


def charlson(
    frame: Frame,
    *,
    columns: Mapping[str, str] | None = None,
    age_adjusted: bool = False,
    graver_only: bool = True,
    not_collected: NotCollected = "unknown",
) -> pl.DataFrame:
    """Charlson comorbidity index with the weights of 1987; the myeloma under study is not counted.

    frame     conditions under the names of the keys of `rule = "charlson"`, e.g. `diabetes` (yes or no); `age` (years)
    columns   these names to the columns of the frame, where they differ
    age_adjusted   add a point for each decade from 50
    graver_only    of a mild and a grave form of one condition count the grave one (general knowledge, not checked)
    not_collected  what a condition without a column is: `unknown`, or `absent` in all

    Returns `charlson` (null unless all is known) and `charlson_at_least`.

    Raises
        UsageError: a column is missing or holds other values.

    References: Charlson et al. 1987.

    >>> import polars as pl
    >>> from cohortium import charlson
    >>> frame = pl.DataFrame({"diabetes": ["yes", "yes"], "kidney": ["yes", None]})
    >>> charlson(frame, not_collected="absent").rows()
    [(3, 3), (None, 1)]
    """
    require_choice("not_collected", not_collected, NotCollected)
    return by_rule(
        RULES["charlson"], Charlson, frame, columns, name="charlson", label="Charlson index",
        age_adjusted=age_adjusted, graver_only=graver_only, not_collected=not_collected,
    )  # fmt: skip


def simplified_frailty(frame: Frame, *, columns: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Simplified frailty of the International Myeloma Working Group.

    frame     `age` (years), `charlson` (not adjusted for age), `ecog`; `charlson_at_least` is used where the index is not
              known
    columns   these names to the columns of the frame, where they differ

    Returns `frailty` (non-frail, frail, or null where what is not known could change it) and `frailty_points` (null unless
    all is known).

    Raises
        UsageError: a column is missing or holds no numbers.

    References: Facon et al. 2020.

    >>> import polars as pl
    >>> from cohortium import simplified_frailty
    >>> simplified_frailty(pl.DataFrame({"age": [82, 70], "charlson": [None, 0], "ecog": [None, 1]})).rows()
    [('frail', None), ('non-frail', 1)]
    """
    return by_rule(RULES["simplified-frailty"], SimplifiedFrailty, frame, columns, name="frailty", label="Frailty")


def imwg_frailty(
    frame: Frame,
    *,
    columns: Mapping[str, str] | None = None,
    adl_impaired_up_to: float | None = None,
    iadl_impaired_up_to: float | None = None,
) -> pl.DataFrame:
    """Frailty of the International Myeloma Working Group from activities of daily living.

    frame     `age` (years), `charlson` (not adjusted for age), `adl` (0 to 6), `iadl` (0 to 8)
    columns   these names to the columns of the frame, where they differ
    adl_impaired_up_to, iadl_impaired_up_to   up to which a point is given; None: 4 and 5 (general knowledge, not checked)

    Returns `imwg_frailty` (fit, intermediate, frail, or null where what is not known could change it) and
    `imwg_frailty_points` (null unless all is known).

    Raises
        UsageError: a column is missing or holds no numbers.

    References: Palumbo et al. 2015.

    >>> import polars as pl
    >>> from cohortium import imwg_frailty
    >>> imwg_frailty(pl.DataFrame({"age": [70], "charlson": [2], "adl": [6], "iadl": [8]})).rows()
    [('intermediate', 1)]
    """
    return by_rule(
        RULES["imwg-frailty"], ImwgFrailty, frame, columns, name="imwg_frailty", label="IMWG frailty",
        adl_impaired_up_to=adl_impaired_up_to, iadl_impaired_up_to=iadl_impaired_up_to,
    )  # fmt: skip
