"""A covariate of a regression and the form in which it enters."""

from __future__ import annotations

from typing import Annotated

from pydantic import Discriminator, Field, Tag

from cohortium.study.section import Section, VariableName


class Spline(Section):
    """A restricted cubic spline: cubic between its knots, linear outside the first and the last."""

    knots: tuple[float, ...] = Field(
        min_length=3,
        max_length=7,
        description="Knots in the variable's unit, ascending. They are declared and not taken from the data, so that "
        "every site and every later version of the data has the same ones; quantiles of the expected distribution, "
        "such as 10, 50 and 90 %, serve well.",
    )


class Covariate(Section):
    """A covariate with its form; a plain name is the same as `{ variable = name }`."""

    variable: VariableName = Field(description="Name of the variable.")
    as_number: bool = Field(default=False, description="True: a category with numeric codes enters as one linear term.")
    per: float = Field(default=1.0, ge=1e-6, le=1e6, description="The ratio of a number is for this many units.")
    reference: str | None = Field(default=None, description="Reference level of a category; the first when absent.")
    spline: Spline | None = Field(default=None, description="A number as a restricted cubic spline with these knots.")


def form_of(covariate: str | Covariate) -> Covariate:
    """A covariate with its form, whichever way it is written."""
    return covariate if isinstance(covariate, Covariate) else Covariate(variable=covariate)


def _form(value: object) -> str | None:
    """Which of the two forms of a covariate is written, so that an error speaks of that one only."""
    if isinstance(value, str):
        return "name"
    return "table" if isinstance(value, dict | Covariate) else None


AnyCovariate = Annotated[
    Annotated[VariableName, Tag("name")] | Annotated[Covariate, Tag("table")], Discriminator(_form)
]
