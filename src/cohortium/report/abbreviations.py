"""What the program's own abbreviations mean, said only where they are printed.

A level may be named `SD` (stable disease) or `HR+`, so each is looked for in the form and place the program gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cohortium.report.formats import NOT_ESTIMABLE, NOT_REACHED
from cohortium.report.journal_style import EN_DASH

_IN_HEADS = {
    "CI": (r"\bCI\)", "confidence interval"),
    "HR": (r"^HR (?:\(|or )", "hazard ratio"),
    "OR": (r"(?:^|or )OR (?:\(|or )", "odds ratio"),
    "ROC": (r"\bROC curve\b", "receiver operating characteristic"),
    "sHR": (r"(?:^|or )sHR \(", "subdistribution hazard ratio"),
    "SMD": (r"^SMD$", "standardized mean difference"),
}
_IN_STUBS = {
    "IQR": (r"\(IQR\)$", "interquartile range"),
    "Q1": (r"\(Q1 to Q3\)$", "first quartile"),
    "Q3": (r"\(Q1 to Q3\)$", "third quartile"),
    "SD": (r"^Mean \(SD\)$", "standard deviation"),
}
_IN_VALUES = {
    short: (rf"(?:^|\(|\bto |{EN_DASH}|= ){short}\b", full)
    for short, full in ((NOT_ESTIMABLE, "not estimable"), (NOT_REACHED, "not reached"))
}


def abbreviations(*, heads: Iterable[str] = (), stubs: Iterable[str] = (), values: Iterable[str] = ()) -> str:
    """`CI, confidence interval; NE, not estimable.`; empty when none is used."""
    used = {
        short: full
        for places, texts in ((_IN_HEADS, heads), (_IN_STUBS, stubs), (_IN_VALUES, values))
        for text in texts
        for short, (form, full) in places.items()
        if re.search(form, text)
    }
    return "; ".join(f"{short}, {used[short]}" for short in sorted(used)) + "." if used else ""
