"""The design of a simulated consortium as frozen models: every published aggregate is a target here."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cohortium.study.section import Name, Printed, Section

Share = Annotated[float, Field(ge=0, le=1)]
Months = Annotated[float, Field(gt=0, le=240)]
Count = Annotated[int, Field(ge=0, le=100_000)]

Plasmacytoma = Literal["emd", "psk", "none"]
EthicsState = Literal["approved", "exempt", "reliance", "expired", "missing"]


class AboutDesign(Section):
    """`[design]`: what is simulated, and when."""

    name: Name = Field(description="Short name of the simulated study.")
    title: Printed = Field(description="Title of the simulated study.")
    sources: tuple[Printed, ...] = Field(default=(), description="Where the targets were published.")
    first_dose_from: dt.date = Field(description="First day on which a patient may receive the first dose.")
    first_dose_to: dt.date = Field(description="Last day on which a patient may receive the first dose.")
    data_cutoff: dt.date = Field(description="Day the data are cut.")


class Group(Section):
    """`[[group]]`: patients by plasmacytoma, each in two parts by prior BCMA-directed therapy; counts are met exactly."""

    plasmacytoma: Plasmacytoma = Field(description="`emd`: true extramedullary; `psk`: paraskeletal; `none`.")
    n_prior_bcma: Count = Field(description="Patients with prior BCMA-directed therapy.")
    n_no_prior_bcma: Count = Field(description="Patients without.")
    responders_prior_bcma: Count = Field(
        description="Patients with prior therapy whose best confirmed response is PR or better."
    )
    responders_no_prior_bcma: Count = Field(description="The same without prior therapy.")
    published_response: Share | None = Field(
        default=None, description="Response rate as published, shown beside the one reached."
    )
    pfs_months: Months = Field(description="Median progression-free survival.")
    os_months: Months | None = Field(default=None, description="Median overall survival; left out: not reached.")
    os_at_12_months: Share | None = Field(
        default=None, description="Survival at 12 months where the median is not reached."
    )

    @model_validator(mode="after")
    def _responders_are_patients(self) -> Self:
        for responders, n in (
            (self.responders_prior_bcma, self.n_prior_bcma),
            (self.responders_no_prior_bcma, self.n_no_prior_bcma),
        ):
            if responders > n:
                raise PydanticCustomError("responders", "has more responders than patients")
        if (self.os_months is None) == (self.os_at_12_months is None):
            raise PydanticCustomError("os", "needs exactly one of os_months and os_at_12_months")
        return self


class Overall(Section):
    """`[overall]`: targets over all groups."""

    follow_up_months: Months = Field(description="Median follow-up by reverse Kaplan-Meier.")
    pfs_months_prior_bcma: Months | None = Field(
        default=None, description="Median progression-free survival with prior BCMA-directed therapy."
    )
    pfs_months_no_prior_bcma: Months | None = Field(default=None, description="The same without.")
    tolerance_months: Months = Field(default=0.3, description="How far a median may be from its target.")
    median_age: Annotated[float, Field(ge=18, le=100)] = Field(description="Median age in years.")
    share_women: Share = Field(description="Share of women.")
    share_non_white: Share = Field(description="Share of patients who are not white.")
    share_penta_refractory: Share = Field(
        description="Share refractory to two IMiDs, two proteasome inhibitors, an anti-CD38 antibody."
    )


class PriorBcma(Section):
    """`[prior_bcma]`: kinds of prior BCMA-directed therapy; they add up to the patients who had any."""

    adc_only: Count = Field(description="Antibody-drug conjugate only.")
    car_t_only: Count = Field(description="CAR T cells only.")
    adc_and_car_t: Count = Field(description="Both.")
    bispecific_only: Count = Field(description="Bispecific antibody only.")
    other: Count = Field(description="Other combinations.")

    def counts(self) -> dict[str, int]:
        """Kind to its number of patients."""
        return {name: getattr(self, name) for name in type(self).model_fields}


class Toxicity(Section):
    """`[toxicity]`: shares of patients with an event."""

    crs: Share = Field(default=0.54, description="Cytokine release syndrome, any grade.")
    crs_severe: Share = Field(default=0.02, description="Grade 3 or higher among those with the syndrome.")
    icans: Share = Field(default=0.11, description="ICANS, any grade.")
    infection: Share = Field(default=0.42, description="At least one infection.")
    infection_severe: Share = Field(default=0.45, description="Grade 3 or higher among infections.")


class SimulatedSite(Section):
    """`[[site]]`: a simulated institution."""

    id: Name = Field(description="Short id; also the name of its directory under `sites/`.")
    name: Printed = Field(description="Name as printed.")
    city: Printed = Field(description="City as printed.")
    n_patients: Annotated[int, Field(ge=1, le=100_000)] = Field(description="Patients it sends.")
    habits: Name = Field(description="Name of its habits: how it writes its files.")
    ethics: EthicsState = Field(description="Its ethics decision; with `expired` or `missing` its data are not used.")
    is_extra: bool = Field(
        default=False,
        description="True: its patients are beyond the groups' counts, for a site that the gate excludes.",
    )


class Design(Section):
    """A simulated consortium."""

    design: AboutDesign = Field(description="What is simulated.")
    group: tuple[Group, ...] = Field(min_length=1, max_length=3, description="Patients by plasmacytoma.")
    overall: Overall = Field(description="Targets over all groups.")
    prior_bcma: PriorBcma = Field(description="Kinds of prior BCMA-directed therapy.")
    toxicity: Toxicity = Field(default=Toxicity(), description="Shares of patients with an event.")
    site: tuple[SimulatedSite, ...] = Field(min_length=1, max_length=200, description="Simulated institutions.")

    @property
    def n_patients(self) -> int:
        """Patients of the groups, without those of extra sites."""
        return sum(group.n_prior_bcma + group.n_no_prior_bcma for group in self.group)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for what, is_wrong in _contradictions(self):
            if is_wrong:
                raise PydanticCustomError("adds-up", what)
        return self


def _contradictions(design: Design) -> list[tuple[str, bool]]:
    about, ids = design.design, [site.id for site in design.site]
    names = [group.plasmacytoma for group in design.group]
    n_prior = sum(group.n_prior_bcma for group in design.group)
    n_sites = sum(site.n_patients for site in design.site if not site.is_extra)
    return [
        ("has the same group twice", len(set(names)) < len(names)),
        ("has the same site twice", len(set(ids)) < len(ids)),
        ("the sites' n_patients do not add up to the groups' patients", n_sites != design.n_patients),
        (
            "the counts of [prior_bcma] do not add up to the groups' n_prior_bcma",
            sum(design.prior_bcma.counts().values()) != n_prior,
        ),
        ("first_dose_to is not after first_dose_from", about.first_dose_to <= about.first_dose_from),
        ("data_cutoff is less than 120 days after first_dose_to", (about.data_cutoff - about.first_dose_to).days < 120),
        (
            "first_dose_to is more than 1500 days before data_cutoff",
            (about.data_cutoff - about.first_dose_from).days > 1500,
        ),
    ]
