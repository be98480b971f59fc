"""The items of STROBE (cohort studies) and RECORD, restated in our own words.

References: von Elm et al. 2007, doi 10.1016/S0140-6736(07)61602-X (STROBE); Benchimol et al. 2015,
doi 10.1371/journal.pmed.1001885 (RECORD). The published wording and its explanations are there. Items 1 to 12 of STROBE and 1.1
to 1.3 of RECORD were compared with the publication, the others restated from the standard wording ([M] in the sources of this
project): compare with the journal's own form before submission.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist.

    number   as published, e.g. `12c`
    section  part of the article that it belongs to
    asks     what a reader must find, in our words
    """

    number: str
    section: str
    asks: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """A named checklist: file name, title as printed, reference, and its items in order."""

    name: str
    title: str
    source: str
    items: tuple[Item, ...]


STROBE = Checklist(
    "strobe",
    "STROBE checklist for cohort studies",
    "von Elm et al. 2007, doi 10.1016/S0140-6736(07)61602-X; items restated.",
    (
        Item("1a", "Title and abstract", "Design named by a usual term in the title or the abstract"),
        Item("1b", "Title and abstract", "Abstract that says in balance what was done and found"),
        Item("2", "Introduction", "What is known and why the study was made"),
        Item("3", "Introduction", "Aims, with hypotheses made beforehand"),
        Item("4", "Methods", "Key elements of the design, early on"),
        Item("5", "Methods", "Setting, places, and dates of recruitment, exposure, follow-up and data collection"),
        Item("6a", "Methods", "Who was eligible, where patients came from, how they were followed"),
        Item("6b", "Methods", "Matched studies: criteria, and numbers exposed and unexposed"),
        Item("7", "Methods", "Outcomes, exposures, predictors, confounders and effect modifiers defined"),
        Item("8", "Methods", "Where each variable comes from and how it was measured"),
        Item("9", "Methods", "What was done about sources of bias"),
        Item("10", "Methods", "How the size of the study came about"),
        Item("11", "Methods", "How quantities were handled, and why they were grouped as they are"),
        Item("12a", "Methods", "Statistical methods, with those that control confounding"),
        Item("12b", "Methods", "Methods for subgroups and interactions"),
        Item("12c", "Methods", "How missing data were treated"),
        Item("12d", "Methods", "How loss to follow-up was treated"),
        Item("12e", "Methods", "Sensitivity analyses"),
        Item("13a", "Results", "Numbers of patients at each stage"),
        Item("13b", "Results", "Reasons for leaving at each stage"),
        Item("13c", "Results", "Flow diagram"),
        Item("14a", "Results", "Characteristics of the patients"),
        Item("14b", "Results", "Patients with missing data, for each variable"),
        Item("14c", "Results", "Time of follow-up summarized"),
        Item("15", "Results", "Numbers of events, or outcomes over time"),
        Item("16a", "Results", "Estimates without and with adjustment, their precision, and the confounders"),
        Item("16b", "Results", "Limits of categories of quantities"),
        Item("16c", "Results", "Absolute risks beside relative ones"),
        Item("17", "Results", "Other analyses: subgroups, interactions, sensitivity"),
        Item("18", "Discussion", "Key results against the aims"),
        Item("19", "Discussion", "Limitations, with direction and size of possible bias"),
        Item("20", "Discussion", "Cautious interpretation in the light of other evidence"),
        Item("21", "Discussion", "How far the results hold elsewhere"),
        Item("22", "Other", "Funding and the part of the funders"),
    ),
)

RECORD = Checklist(
    "record",
    "RECORD checklist for routinely collected health data",
    "Benchimol et al. 2015, doi 10.1371/journal.pmed.1001885; items restated.",
    (
        Item("1.1", "Title and abstract", "Kind of data, with the names of databases where possible"),
        Item("1.2", "Title and abstract", "Region and time span"),
        Item("1.3", "Title and abstract", "Linkage between databases, where there was any"),
        Item("6.1", "Methods", "How the population was selected, with codes or algorithms"),
        Item("6.2", "Methods", "Validation of the codes or algorithms of selection"),
        Item("6.3", "Methods", "Linkage shown as a diagram with the numbers at each stage"),
        Item("7.1", "Methods", "Complete list of codes and algorithms of exposures, outcomes and confounders"),
        Item("12.1", "Methods", "Access that the investigators had to the database"),
        Item("12.2", "Methods", "How the data were cleaned"),
        Item("12.3", "Methods", "Level and methods of linkage, and how its quality was judged"),
        Item("13.1", "Results", "Selection by data quality, availability and linkage"),
        Item("19.1", "Discussion", "Data not collected for this question: misclassification, confounding, missing data, change of eligibility"),
        Item("22.1", "Other", "Where protocol, raw data and program code can be had"),
    ),
)  # fmt: skip

CHECKLISTS = (STROBE, RECORD)
