"""The study file as frozen models: what each section and key may hold.

These models are the schema: the reference page and the JSON Schema are generated from them. Rules that
need more than one key (names that must exist, levels that must be declared) live in `rules/`.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from cohortium.study.analyses import Analysis
from cohortium.study.derive import AnyDerive, Case, Derive
from cohortium.study.endpoints import Endpoint
from cohortium.study.ethics import Agreement, DataKind, Ethics
from cohortium.study.families import Family
from cohortium.study.imputation import Imputation
from cohortium.study.propensity import Propensity
from cohortium.study.published import Published
from cohortium.study.section import Expression, Name, Printed, Section, VariableName
from cohortium.study.tables import TableName


class About(Section):
    """`[study]`: what the study is."""

    name: Name = Field(description="Short name of the study; used in file names.")
    title: str = Field(min_length=1, description="Title as printed on the report.")
    summary: str = Field(default="", description="One paragraph for the head of the report.")
    data_cutoff: dt.date | None = Field(default=None, description="Day the data were cut; no later date is accepted.")
    data_kind: DataKind = Field(
        default="de-identified", description="Kind of data that the study uses; every site's records must cover it."
    )
    seed: int = Field(default=20261122, description="Seed of everything random; written to the manifest.")


class Time(Section):
    """`[time]`: how time is counted."""

    origin: VariableName | None = Field(
        default=None, description="Date variable that is day 0 of each patient. Every date becomes days from it."
    )
    origin_label: str = Field(default="origin", description="Name of day 0 in print, e.g. `study entry`.")
    horizon_days: int = Field(
        gt=0, le=36525, description="Longest follow-up that the study counts, in days; it fixes the shape of totals."
    )
    month_days: float = Field(
        default=30.4375, ge=1, le=366, description="Days in a month, wherever months are printed."
    )
    grid: Literal["days", "weeks", "months"] = Field(
        default="days",
        description="Unit in which follow-up leaves the sites. A day within a week or month counts at its end, and the "
        "largest possible difference from whole days is printed; models stratified by site keep whole days.",
    )
    after_origin: tuple[VariableName, ...] = Field(
        default=(),
        max_length=200,
        description="Variables that become known only after the origin, e.g. the best response. Used as a baseline "
        "group or covariate they are reported as immortal time.",
    )


class DataTable(Section):
    """`[[data.table]]`: a table with several rows a patient beside the file of patients; see [the tidy tables](tables.md)."""

    name: TableName = Field(description="Name of the tidy table.")
    file: str = Field(
        default="",
        pattern=r"^(?:[A-Za-z0-9][A-Za-z0-9._-]*\.csv)?$",
        description="Name of the file in each site's directory; `<name>.csv` when left out.",
    )
    optional: bool = Field(
        default=False, description="True: a site without the file has no rows of the table, and a note says so."
    )

    @property
    def file_name(self) -> str:
        """Name of the file in each site's directory."""
        return self.file or f"{self.name}.csv"


class Data(Section):
    """`[data]`: where a site's rows are and how they are read."""

    file: str = Field(
        default="patients.csv",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.csv$",
        description="Name of the file in each site's directory `sites/<id>/`.",
    )
    key: VariableName = Field(description="Variable that identifies a patient within the study.")
    delimiter: Literal[",", ";", "\t"] = Field(default=",", description="Column separator.")
    encodings: tuple[Literal["utf-8", "cp1252", "utf-16"], ...] = Field(
        default=("utf-8", "cp1252", "utf-16"),
        description="Encodings tried in order when a file has no byte-order mark; the one used is recorded.",
    )
    missing_codes: tuple[str, ...] = Field(
        default=(),
        max_length=100,
        description="Texts that mean `not known` besides the empty cell, e.g. `-99`. Nothing is guessed.",
    )
    table: tuple[DataTable, ...] = Field(
        default=(), max_length=100, description="Further tables of each site, with several rows a patient."
    )


class Site(Section):
    """`[[site]]`: a participating institution. All of these sections may stand in a file `sites.toml` instead.

    A site without an ethics decision in force is refused when the study runs, an `unassigned` one too.
    """

    id: Name = Field(description="Short id; also the name of its directory under `sites/`.")
    name: Printed = Field(description="Name as printed.")
    city: str = Field(default="", description="City as printed.")
    mode: Literal["rows"] = Field(default="rows", description="`rows`: the site's rows are in the study directory.")
    unassigned: bool = Field(
        default=False,
        description="True for the records whose institution is not known: they count in unstratified analyses, "
        "are left out (and said to be) where an analysis is stratified by site.",
    )
    data_cutoff: dt.date | None = Field(
        default=None, description="Day this site's data were cut; the study's when left out. No later date is accepted."
    )
    ethics: Ethics | None = Field(
        default=None, description="Decision of the site's ethics committee; without one the site's data are not used."
    )
    agreement: Agreement | None = Field(
        default=None, description="The site's data-use agreement; a limited data set is not used without one."
    )


class CohortStep(Section):
    """`[[cohort.step]]`: one inclusion step; patients who do not meet it leave the flow here."""

    label: Printed = Field(description="The step as printed in the flow diagram.")
    where: Expression = Field(description="Expression that an included patient meets.")
    excluded: str = Field(default="", description="How the excluded are named in the flow diagram.")


class Cohort(Section):
    """`[cohort]`: who is analyzed."""

    label: str = Field(default="Analyzed", description="Label of the last box of the flow diagram.")
    step: tuple[CohortStep, ...] = Field(default=(), max_length=100, description="Inclusion steps in order.")


class Limits(Section):
    """`[report.limits]`: limits of the manuscript in place of those of the style; what is over them is a warning."""

    abstract_words: int | None = Field(default=None, ge=1, description="Most words of the abstract.")
    text_words: int | None = Field(default=None, ge=1, description="Most words from introduction to discussion.")
    exhibits: int | None = Field(default=None, ge=0, description="Most tables and figures outside the supplement.")
    figures: int | None = Field(default=None, ge=0, description="Most figures outside the supplement.")
    references: int | None = Field(default=None, ge=0, description="Most items of the list of references.")
    title_characters: int | None = Field(default=None, ge=1, description="Most characters of the title.")
    abstract_headings: tuple[Printed, ...] | None = Field(
        default=None, description="Headings of the abstract in order; an empty list for one paragraph without headings."
    )


class Report(Section):
    """`[report]`: how tables, figures and text are printed."""

    style: Literal["default", "nejm", "jama", "lancet", "jco", "blood"] = Field(
        default="default",
        description="Journal whose way of printing p-values, intervals, decimal marks, thousands and footnote marks is "
        "followed in every table, figure and sentence; see [journal styles](../how-to/journal-styles.md).",
    )
    png_dpi: Literal[300, 600] = Field(
        default=300, description="Dots per inch of the figures' PNG files; SVG and PDF have none."
    )
    limits: Limits = Field(default=Limits(), description="Limits of the manuscript.")


class Table(Section):
    """`[[table]]`: a table of the report."""

    name: Name = Field(description="File name without ending.")
    kind: Literal[
        "baseline",
        "balance",
        "missingness",
        "response",
        "adverse-events",
        "eligibility",
        "survival",
        "tests",
        "regression",
        "proportional-hazards",
        "subgroups",
        "competing-risks",
        "meta-analysis",
        "sites",
        "published",
    ] = Field(
        description="Form of the table. `survival`: medians and survival at months (kaplan-meier, logrank); `tests`: "
        "every test with its pairs (logrank, gray); `regression`: ratios (cox, fine-gray, logistic); `proportional-hazards` and "
        "`subgroups`: of a cox analysis that asks for them; `competing-risks`: cumulative incidence at months by cause "
        "(cumulative-incidence, gray); `adverse-events`: patients by worst grade, with a heading an analysis; `eligibility`: "
        "criteria met, not met or not known, of a baseline analysis of categories with two levels; `published`: every "
        "`[[published]]` number beside the study's own, without an analysis; `balance`: before and after weighting; `meta-analysis`: each "
        "site's own estimate, all pooled, and all but each."
    )
    analyses: tuple[Name, ...] = Field(default=(), description="Names of the analyses it shows, in order.")
    quantiles: tuple[Annotated[float, Field(gt=0, lt=1)], ...] = Field(
        default=(),
        max_length=10,
        description="Quantiles that a `survival` table prints beside the median, e.g. `[0.25, 0.75]`; each is among "
        "the `quantiles` of its analyses.",
    )
    title: str = Field(min_length=1, description="Title above the table.")
    footnotes: tuple[str, ...] = Field(default=(), description="Notes printed after the program's own.")


class Figure(Section):
    """`[[figure]]`: a figure of the report."""

    name: Name = Field(description="File name without ending.")
    kind: Literal[
        "flow",
        "landmark-flow",
        "kaplan-meier",
        "cumulative-hazard",
        "cumulative-incidence",
        "love",
        "overlap",
        "missingness",
        "response",
        "stacked-bars",
        "waterfall",
        "swimmer",
        "sankey",
        "adverse-events",
        "forest",
        "calibration",
        "subgroups",
        "schoenfeld",
        "predicted-survival",
        "site-forest",
        "caterpillar",
        "sites",
    ] = Field(
        description="Form of the figure. `landmark-flow`: who is at risk at the landmark of an analysis; "
        "`cumulative-hazard`: of a kaplan-meier analysis; `stacked-bars`: of a response-rates analysis with categories; "
        "`waterfall` and `swimmer`: of an individual-courses analysis, a bar a patient; `sankey`: of a sequences analysis, a band for each move "
        "from a level to one of the next step, a panel a group; `forest`: of a cox, fine-gray or logistic analysis; "
        "`calibration`: of a logistic analysis with risk_groups; `subgroups`, "
        "`schoenfeld` (proportional hazards) and `predicted-survival`: of a cox analysis that asks for them; "
        "`love` and `overlap`: of a balance analysis; "
        "`site-forest`: of a meta-analysis; `caterpillar`: of site-outcomes, by size and with control limits."
    )
    analysis: Name | None = Field(default=None, description="Name of the analysis it draws; none for `flow`.")
    tests: tuple[Name, ...] = Field(
        default=(),
        description="Analyses whose p-values stand in the panel: `logrank` for a `kaplan-meier` figure, `gray` for a "
        "`cumulative-incidence` figure.",
    )
    restricted_mean: bool = Field(
        default=False,
        description="True: a `kaplan-meier` figure shades the area that is the restricted mean in place of the bands.",
    )
    risk_table: Literal["at-risk", "kmunicate"] = Field(
        default="at-risk",
        description="What stands below a `kaplan-meier` figure: numbers at risk, or as `kmunicate` patients at risk, censored "
        "and with an event, which add up to all patients of a group.",
    )
    stop_below: int | None = Field(
        default=None,
        ge=2,
        le=1000,
        description="Curves of a `kaplan-meier` figure end where fewer patients are at risk; without it they are paler "
        "below 10.",
    )
    direct_labels: bool = Field(
        default=False,
        description="True: the groups of a `kaplan-meier` figure are named at the ends of their curves too.",
    )
    model: Name | None = Field(default=None, description="Cox analysis whose hazard ratio stands in the panel.")
    most_bars: int | None = Field(
        default=None,
        ge=10,
        le=400,
        description="Bars drawn in a panel of a `waterfall` (400 when absent) or `swimmer` figure (60); of more patients "
        "some are drawn, evenly spaced in their order, and it is said.",
    )
    responses: tuple[Printed, ...] = Field(
        default=(),
        description="Levels of the response whose patients a `waterfall` or `swimmer` figure draws, by label; all when "
        "empty.",
    )
    title: str = Field(min_length=1, description="Title of the figure.")
    caption: str = Field(default="", description="Caption printed after the program's own.")
    width: Literal["single", "double"] = Field(default="double", description="Journal column: 88 or 178 mm.")


class StudyFile(Section):
    """The whole study file."""

    study: About = Field(description="What the study is.")
    time: Time = Field(description="How time is counted.")
    data: Data = Field(description="Where a site's rows are and how they are read.")
    site: tuple[Site, ...] = Field(min_length=1, max_length=1000, description="Participating institutions.")
    cohort: Cohort = Field(default=Cohort(), description="Who is analyzed.")
    derive: tuple[AnyDerive, ...] = Field(default=(), max_length=500, description="Variables made from others.")
    endpoint: tuple[Endpoint, ...] = Field(default=(), max_length=100, description="Times to an event.")
    imputation: tuple[Imputation, ...] = Field(
        default=(), max_length=20, description="How values that are not known are imputed."
    )
    propensity: tuple[Propensity, ...] = Field(
        default=(), max_length=20, description="Propensity scores, by which analyses weight patients."
    )
    analysis: tuple[Analysis, ...] = Field(default=(), max_length=200, description="What is estimated.")
    family: tuple[Family, ...] = Field(
        default=(), max_length=50, description="P-values that are adjusted for being looked at together."
    )
    report: Report = Field(default=Report(), description="How tables, figures and text are printed.")
    published: tuple[Published, ...] = Field(
        default=(), max_length=500, description="Published numbers, beside which the study's own are shown."
    )
    table: tuple[Table, ...] = Field(default=(), max_length=200, description="Tables of the report.")
    figure: tuple[Figure, ...] = Field(default=(), max_length=200, description="Figures of the report.")


__all__ = [
    "About",
    "Case",
    "Cohort",
    "CohortStep",
    "Data",
    "DataTable",
    "Derive",
    "Figure",
    "Limits",
    "Report",
    "Site",
    "StudyFile",
    "Table",
    "Time",
]
