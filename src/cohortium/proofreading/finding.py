"""What the proofreader says about one place of a text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One number that cannot stand beside another.

    place     where, e.g. `line 12` or `table 2, row 3`
    quote     the words of the text
    rule      short fixed name, e.g. `impossible-percentage`
    what      what is wrong
    expected  what the other numbers of the text give
    """

    place: str
    quote: str
    rule: str
    what: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place}: «{self.quote}»: {self.rule}: {self.what}; expected {self.expected}"


RULES: dict[str, str] = {
    "impossible-percentage": "no count of patients gives this percentage of that many (GRIM)",
    "percentage-of-count": "the percentage is not the count over its denominator",
    "count-above-denominator": "more patients than there are",
    "sum-of-groups": "groups that make up a whole do not add up to it",
    "p-value-of-counts": "no usual test of these counts gives this p-value",
    "p-value-of-statistic": "the test statistic does not give this p-value",
    "p-value-of-interval": "the interval says another p-value",
    "p-value-form": "a p-value that cannot be, such as 0.000 or 1.2",
    "interval-order": "the lower limit is above the upper limit",
    "interval-without-estimate": "the estimate is outside its interval",
    "range-order": "a range in the wrong order, or a median outside it",
    "interval-off-center": "a ratio that is not in the middle of its interval on the logarithmic scale",
    "decimal-marks": "decimal commas and decimal points in one text, so that some numbers are ambiguous",
    "interval-of-count": "no usual interval of this count has these limits",
}
"""Every rule with its meaning."""
