"""The regimen of one line of therapy by name: which classes of drugs make which category."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from cohortium.study.derive.reads import category
from cohortium.study.derive.rule_section import RuleSection
from cohortium.study.section import Printed, Section
from cohortium.study.variables import Variable

AnyClass = Literal[
    "imid", "pi", "anti-cd38", "bcma-adc", "bcma-car-t", "bcma-bispecific", "gprc5d-bispecific", "gprc5d-car-t",
    "fcrh5-bispecific", "alkylator", "anthracycline", "corticosteroid", "anti-slamf7", "xpo1-inhibitor", "bcl2-inhibitor",
    "autologous-transplant", "allogeneic-transplant", "radiotherapy", "investigational", "other",
]  # fmt: skip
Counted = Literal["from-first", "before-study-drug", "after-study-drug"]

NO_LINE: dict[Counted, str] = {
    "from-first": "No further line",
    "before-study-drug": "No earlier line",
    "after-study-drug": "No further therapy",
}
"""How a line that a patient never had is printed."""


class Regimen(Section):
    """A category of regimens, by the classes of the drugs of a line."""

    label: Printed = Field(description="Label as printed.")
    any_of: tuple[AnyClass, ...] = Field(default=(), description="Classes of which the line has one at least.")
    all_of: tuple[AnyClass, ...] = Field(default=(), description="Classes that the line has all of.")

    @model_validator(mode="after")
    def _has_a_class(self) -> Self:
        if not (self.any_of or self.all_of):
            raise ValueError("a regimen needs any_of or all_of; without a class every line would be of it")
        return self


REGIMENS = (
    Regimen(label="CAR T cells", any_of=("bcma-car-t", "gprc5d-car-t")),
    Regimen(label="Bispecific antibody", any_of=("bcma-bispecific", "gprc5d-bispecific", "fcrh5-bispecific")),
    Regimen(label="Antibody-drug conjugate", any_of=("bcma-adc",)),
    Regimen(label="Transplant", any_of=("autologous-transplant", "allogeneic-transplant")),
    Regimen(label="Anti-CD38 antibody", any_of=("anti-cd38",)),
    Regimen(label="Proteasome inhibitor", any_of=("pi",)),
    Regimen(label="Immunomodulatory drug", any_of=("imid",)),
)


class RegimenOfLine(RuleSection):
    """What one line of therapy was, from the rows of `therapies`: the step of a therapy sequence."""

    rule: Literal["regimen-of-line"] = Field(description="Chooses this rule.")
    counted: Counted = Field(
        default="from-first",
        description="How lines are counted: earlier therapy from the first line on, earlier therapy back from the study "
        "drug (1 is the last line before it), or therapy after the study drug (1 is the next).",
    )
    line: Annotated[int, Field(ge=1, le=40)] = Field(description="Which line, counted so.")
    regimens: tuple[Regimen, ...] = Field(
        default=REGIMENS,
        min_length=1,
        max_length=30,
        description="Categories in order of precedence: a line is of the first that its drugs make. When left out by the most "
        "targeted drug of the line: CAR T cells, bispecific antibody, antibody-drug conjugate, transplant, anti-CD38 "
        "antibody, proteasome inhibitor, immunomodulatory drug [M].",
    )
    other: Printed = Field(default="Other", description="Label of a line that is of none of the categories.")
    no_line: Printed | None = Field(
        default=None,
        description="Label of patients who never had the line; `No further line`, `No earlier line` or `No further therapy` "
        "when left out, as lines are counted.",
    )

    @model_validator(mode="after")
    def _labels_differ(self) -> Self:
        twice = next(_twice(self.labels), None)
        if twice is not None:
            raise ValueError(f"the label '{twice}' is given twice among regimens, other and no_line")
        return self

    @property
    def never(self) -> str:
        """Label of patients who never had the line."""
        return self.no_line or NO_LINE[self.counted]

    @property
    def labels(self) -> tuple[str, ...]:
        """Every level in order."""
        return (*(regimen.label for regimen in self.regimens), self.other, self.never)

    def tables(self) -> tuple[str, ...]:
        """Tidy tables that the rule reads."""
        return ("therapies",)

    def variables(self) -> tuple[Variable, ...]:
        """The category of the line, those who never had it last."""
        return (category(self.name, self.label, {label: label for label in self.labels}),)


def _twice(labels: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for label in labels:
        if label in seen:
            yield label
        seen.add(label)
