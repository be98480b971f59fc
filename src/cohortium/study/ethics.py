"""Ethics decisions and data-use agreements of a site, as sections of the study file."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from cohortium.study.section import Section

DataKind = Literal["de-identified", "limited"]
"""De-identified data, or a limited data set (45 CFR 164.514(e)), which holds dates and needs an agreement."""


class Amendment(Section):
    """A later decision of the same board."""

    approved: dt.date = Field(description="Day of the decision.")
    number: str = Field(default="", description="Number of the amendment.")
    subject: str = Field(default="", description="What it changed.")


class Ethics(Section):
    """`[site.ethics]`: the decision of the site's ethics committee or institutional review board."""

    board: str = Field(min_length=1, description="Committee or board as printed.")
    city: str = Field(default="", description="Its city; the site's when empty.")
    decision: Literal["approved", "exempt", "not-human-subjects", "reliance"] = Field(
        description="`reliance`: the site relies on the decision of another site (single IRB)."
    )
    relies_on: str | None = Field(default=None, description="Id of the site whose decision is relied on.")
    number: str = Field(default="", description="Number of the decision.")
    approved: dt.date = Field(description="Day of the decision.")
    expires: dt.date | None = Field(default=None, description="Last day on which it holds; none for no expiry.")
    consent: Literal["obtained", "waived", "not-required"] = Field(description="Informed consent of the patients.")
    consent_basis: str = Field(
        default="", description="Legal basis, e.g. `45 CFR 46.116(f)`; free text elsewhere. Needed unless obtained."
    )
    covers: tuple[DataKind, ...] = Field(
        default=("de-identified",),
        min_length=1,
        description="Kinds of data that it covers; one that covers a limited data set covers de-identified data too.",
    )
    amendments: tuple[Amendment, ...] = Field(default=(), description="Later decisions of the same board.")


class Agreement(Section):
    """`[site.agreement]`: the site's data-use agreement."""

    kind: DataKind = Field(description="Kind of data that it covers; `limited` covers de-identified data too.")
    signed: dt.date = Field(description="Day of the last signature.")
    expires: dt.date | None = Field(default=None, description="Last day on which it holds; none for no expiry.")
    number: str = Field(default="", description="Number of the agreement.")
