"""What journals ask of an original article, as one frozen table.

Marks: [S] read in a source, [K] general knowledge; instructions change, so every limit is to be checked with the journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cohortium.report.journal_style import StyleName
    from cohortium.study.model import Limits as DeclaredLimits


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of an original article; None where there is none.

    abstract_words      words of the abstract
    text_words          words from introduction to discussion
    exhibits            tables and figures outside the supplement
    figures             figures outside the supplement, where tables do not count
    references          items of the list of references
    title_characters    of the title, spaces included
    abstract_headings   headings that the abstract has, in order; none where it is one paragraph; None where it is not said
    """

    abstract_words: int | None = None
    text_words: int | None = None
    exhibits: int | None = None
    figures: int | None = None
    references: int | None = None
    title_characters: int | None = None
    abstract_headings: tuple[str, ...] | None = None


LIMITS: Mapping[StyleName, Limits] = MappingProxyType({
    "default": Limits(),
    "nejm": Limits(
        abstract_words=250,  # [K]
        text_words=2700,  # [S]
        exhibits=5,  # [S]
        references=40,  # [S]
        abstract_headings=("Background", "Methods", "Results", "Conclusions"),  # [K]
    ),
    "jama": Limits(
        abstract_words=350,  # [K]
        text_words=3000,  # [K]
        exhibits=5,  # [K]
        references=75,  # [K]
        abstract_headings=(
            "Importance", "Objective", "Design, Setting, and Participants", "Exposures", "Main Outcomes and Measures", "Results",
            "Conclusions and Relevance",
        ),  # [K]
    ),
    "lancet": Limits(
        abstract_words=300,  # [K]
        text_words=3500,  # [K]
        exhibits=5,  # [K]
        references=30,  # [K]
        abstract_headings=("Background", "Methods", "Findings", "Interpretation", "Funding"),  # [K]
    ),
    "jco": Limits(
        abstract_words=275,  # [K]
        text_words=3000,  # [K]
        exhibits=6,  # [K]
        references=50,  # [K]
        abstract_headings=("Purpose", "Methods", "Results", "Conclusion"),  # [K]
    ),
    "blood": Limits(
        abstract_words=250,  # [S]
        text_words=4000,  # [S]
        figures=7,  # [S]
        references=100,  # [S]
        title_characters=120,  # [S]
        abstract_headings=(),  # [S]
    ),
})  # fmt: skip
"""The limits by the name of the style; those of the default are none."""


def limits_of(style: StyleName, declared: DeclaredLimits) -> Limits:
    """The limits of a style, with those that the study file declares in their place."""
    preset = LIMITS[style]
    own = {key: getattr(declared, key) for key in Limits.__dataclass_fields__}
    return Limits(**{key: getattr(preset, key) if value is None else value for key, value in own.items()})
