"""Endpoints by rule: each cell of the censoring tables as a patient in and an outcome out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from cohortium.derivations.rule import Tables
from cohortium.derivations.time_to_event import RULES, ends
from cohortium.study.derive.censoring import ALLOWED, RULE_SETS
from cohortium.study.derive.endpoints import TimeToEvent
from cohortium.study.queries import LINE
from derivations.endpoint_cases import lines, meant, outcomes, schema_of, section, tables_of, together

PFS = """
situation                           | visits                 | course                  | fda-primary                | fda-strict                 | fda-sensitivity
no assessment after baseline        |                        | contact 90              | 0 censored (not assessed)  | 0 censored (not assessed)  | 0 censored (not assessed)
not evaluable is not adequate       | 28 NE                  | contact 90              | 0 censored (not assessed)  | 0 censored (not assessed)  | 0 censored (not assessed)
no baseline: progression not judged | 28 SD, 56 PD           | no baseline, contact 90 | 0 censored (not assessed)  | 0 censored (not assessed)  | 0 censored (not assessed)
no baseline, death soon             | 28 SD                  | no baseline, death 40   | 40 death                   | 40 death                   | 40 death
baseline assessed                   | 28 SD, 56 PD           | baseline, contact 90    | 56 progression             | 56 progression             | 56 progression
baseline not known                  | 28 SD, 56 PD           | baseline unknown        | unknown (baseline unknown) | unknown (baseline unknown) | unknown (baseline unknown)
documented progression              | 28 PR, 56 VGPR, 84 PD  | contact 200             | 84 progression             | 84 progression             | 84 progression
progression, then death             | 28 PR, 84 PD           | death 100               | 84 progression             | 84 progression             | 84 progression
progression on the day of death     | 28 PR, 84 PD           | death 84                | 84 progression             | 84 progression             | 84 progression
alive, no progression               | 28 PR, 56 VGPR, 84 NE  | contact 200             | 56 censored (last)         | 56 censored (last)         | 56 censored (last)
progression not documented          | 28 PR, 56 PR           | clinical 70, contact 99 | 56 censored (clinical)     | 56 censored (clinical)     | 70 progression (clinical progression)
called by the site, not documented  | 28 PR, 56 PR, 70 PD?   | contact 99              | 56 censored (clinical)     | 56 censored (clinical)     | 70 progression (clinical progression)
documented after it                 | 28 PR, 56 PR, 80 PD    | clinical 70             | 56 censored (clinical)     | 56 censored (clinical)     | 70 progression (clinical progression)
documented on the same day          | 28 PR, 70 PD           | clinical 70             | 70 progression             | 70 progression             | 70 progression
not documented, death on its day    | 28 PR                  | clinical 70, death 70   | 70 death                   | 70 death                   | 70 progression (clinical progression)
not documented on day of assessment | 28 PR, 70 SD           | clinical 70             | 70 censored (clinical)     | 70 censored (clinical)     | 70 progression (clinical progression)
not documented, unassessed          |                        | clinical 70             | 0 censored (not assessed)  | 0 censored (not assessed)  | 70 progression (clinical progression)
stopped for toxicity                | 28 PR, 56 PR, 84 PR    | contact 200             | 84 censored (last)         | 84 censored (last)         | 84 censored (last)
new therapy                         | 28 PR, 56 PR, 90 CR    | therapy 70, contact 200 | 56 censored (new therapy)  | 56 censored (new therapy)  | 70 new therapy
new therapy, progression after      | 28 PR, 56 PR, 90 PD    | therapy 70              | 56 censored (new therapy)  | 56 censored (new therapy)  | 70 new therapy
new therapy, death after            | 28 PR, 56 PR           | therapy 70, death 80    | 56 censored (new therapy)  | 56 censored (new therapy)  | 70 new therapy
new therapy after progression       | 28 PR, 56 PD           | therapy 70              | 56 progression             | 56 progression             | 56 progression
progression on the day of therapy   | 28 PR, 70 PD           | therapy 70              | 70 progression             | 70 progression             | 70 progression
death on the day of therapy         | 28 PR                  | therapy 70, death 70    | 70 death                   | 70 death                   | 70 death
assessment on the day of therapy    | 28 PR, 70 PR           | therapy 70              | 70 censored (new therapy)  | 70 censored (new therapy)  | 70 new therapy
therapy before any assessment       | 40 PR                  | therapy 20              | 0 censored (not assessed)  | 0 censored (not assessed)  | 20 new therapy
death, closely followed             | 28 PR, 56 PR           | death 80                | 80 death                   | 80 death                   | 80 death
death before any assessment         |                        | death 20                | 20 death                   | 20 death                   | 20 death
death after missed visits           | 28 PR, 56 PR           | death 200               | 200 death                  | 56 censored (gap)          | 200 death
progression after missed visits     | 28 PR, 56 PR, 200 PD   | contact 300             | 200 progression            | 56 censored (gap)          | 200 progression
not documented after missed visits  | 28 PR                  | clinical 200            | 28 censored (clinical)     | 28 censored (clinical)     | 200 progression (clinical progression)
death unassessed, long after        |                        | death 71                | 71 death                   | 0 censored (not assessed)  | 71 death
a gap, then assessed again          | 28 PR, 200 PR, 228 PD  | contact 300             | 228 progression            | 228 progression            | 228 progression
not evaluable within the gap        | 28 PR, 84 NE, 140 PD   | contact 300             | 140 progression            | 28 censored (gap)          | 140 progression
69 days without assessment          | 28 PR, 97 PD           |                         | 97 progression             | 97 progression             | 97 progression
70 days without assessment          | 28 PR, 98 PD           |                         | 98 progression             | 98 progression             | 98 progression
71 days without assessment          | 28 PR, 99 PD           |                         | 99 progression             | 28 censored (gap)          | 99 progression
69 days before death                | 28 PR                  | death 97                | 97 death                   | 97 death                   | 97 death
70 days before death                | 28 PR                  | death 98                | 98 death                   | 98 death                   | 98 death
71 days before death                | 28 PR                  | death 99                | 99 death                   | 28 censored (gap)          | 99 death
assessed on the day of death        | 28 PR, 150 PR          | death 150               | 150 death                  | 150 death                  | 150 death
planned bridge                      | 28 PR, 56 PR           | bridge 70, contact 200  | 70 censored (bridge)       | 70 censored (bridge)       | 56 censored (last)
planned bridge, progression after   | 28 PR, 90 PD           | bridge 70               | 70 censored (bridge)       | 70 censored (bridge)       | 90 progression
progression before the bridge       | 28 PR, 56 PD           | bridge 70               | 56 progression             | 56 progression             | 56 progression
progression on the day of bridge    | 28 PR, 70 PD           | bridge 70               | 70 progression             | 70 progression             | 70 progression
death on the day of bridge          | 28 PR                  | bridge 70, death 70     | 70 death                   | 70 death                   | 70 death
the bridge is the new therapy       | 28 PR, 56 PR           | bridge 70, therapy 70   | 70 censored (bridge)       | 70 censored (bridge)       | 56 censored (last)
new therapy before the bridge       | 28 PR, 56 PR           | bridge 70, therapy 60   | 56 censored (new therapy)  | 56 censored (new therapy)  | 60 new therapy
bridge and not documented, one day  | 28 PR, 56 PR           | bridge 70, clinical 70  | 70 censored (bridge)       | 70 censored (bridge)       | 70 progression (clinical progression)
not documented and therapy, one day | 28 PR, 56 PR           | therapy 70, clinical 70 | 56 censored (clinical)     | 56 censored (clinical)     | 70 progression (clinical progression)
not documented, then therapy        | 28 PR, 56 PR, 65 PR    | therapy 70, clinical 60 | 56 censored (clinical)     | 56 censored (clinical)     | 60 progression (clinical progression)
progression after the cut-off       | 28 PR, 56 PR, 90 PD    | cutoff 80               | 56 censored (cut)          | 56 censored (cut)          | 56 censored (cut)
progression on the cut-off          | 28 PR, 80 PD           | cutoff 80               | 80 progression             | 80 progression             | 80 progression
death after the cut-off             | 28 PR, 56 PR           | death 81, cutoff 80     | 56 censored (cut)          | 56 censored (cut)          | 56 censored (cut)
assessed after the cut-off          | 28 PR, 81 PR           | cutoff 80               | 28 censored (last)         | 28 censored (last)         | 28 censored (last)
therapy after the cut-off           | 28 PR, 56 PR           | therapy 81, cutoff 80   | 56 censored (last)         | 56 censored (last)         | 56 censored (last)
progression on day 0                | 0 PD                   |                         | 0 progression              | 0 progression              | 0 progression
death on day 0                      |                        | death 0                 | 0 death                    | 0 death                    | 0 death
seen before day 0 only              | -7 PD                  | contact 50              | 0 censored (not assessed)  | 0 censored (not assessed)  | 0 censored (not assessed)
counted from another day            | 28 PR, 56 PD           | start 14                | 42 progression             | 42 progression             | 42 progression
start not known                     | 28 PR, 56 PD           | start unknown           | unknown (no start)         | unknown (no start)         | unknown (no start)
day of progression not known        | 28 PR, ? PD            | death 90                | unknown (no progression day) | unknown (no progression day) | unknown (no progression day)
died on an unknown day              | 28 PR                  | died, contact 50        | unknown (no death day)     | unknown (no death day)     | unknown (no death day)
died, day unknown, progression      | 28 PR, 56 PD           | died                    | 56 progression             | 56 progression             | 56 progression
died after the cut-off, day unknown | 28 PR                  | died, contact 90, cutoff 80 | 28 censored (last)     | 28 censored (last)         | 28 censored (last)
vital status not known              | 28 PR                  | died unknown            | 28 censored (last)         | 28 censored (last)         | 28 censored (last)
therapy before the study drug       | 28 PR, 56 PD           | therapy -5              | unknown (no therapy day)   | unknown (no therapy day)   | unknown (no therapy day)
"""

DOR = """
situation                        | visits                       | course                          | fda-primary               | fda-strict                | fda-sensitivity           | imwg-2011
from the first PR to progression | 28 MR, 56 PR, 84 VGPR, 112 PD |                                | 56 progression            | 56 progression            | 56 progression            | 56 progression
to death                         | 28 PR, 56 PR                 | death 90                        | 62 death                  | 62 death                  | 62 death                  | 62 censored (at death)
death from progression           | 28 PR, 56 PR                 | death 90, from progression      | 62 death                  | 62 death                  | 62 death                  | 62 progression (from progression)
death from another cause         | 28 PR, 56 PR                 | death 90, not from progression  | 62 death                  | 62 death                  | 62 death                  | 62 censored (at death)
cause of death not known         | 28 PR, 56 PR                 | death 90, cause unknown         | 62 death                  | 62 death                  | 62 death                  | unknown (no cause)
death after missed visits        | 28 PR                        | death 99                        | 71 death                  | 0 censored (gap)          | 71 death                  | 71 censored (at death)
death after 72 days              | 28 PR                        | death 100                       | 72 death                  | 0 censored (gap)          | 72 death                  | 72 censored (at death)
death within 70 days             | 28 PR                        | death 98                        | 70 death                  | 70 death                  | 70 death                  | 70 censored (at death)
alive, no progression            | 28 PR, 56 PR                 | contact 300                     | 28 censored (last)        | 28 censored (last)        | 28 censored (last)        | 28 censored (last)
alive after one response         | 28 PR                        | contact 300                     | 0 censored (last)         | 0 censored (last)         | 0 censored (last)         | 0 censored (last)
new therapy                      | 28 PR, 56 PR                 | therapy 70                      | 28 censored (new therapy) | 28 censored (new therapy) | 42 new therapy            | 28 censored (new therapy)
planned bridge                   | 28 PR, 56 PR                 | bridge 70                       | 42 censored (bridge)      | 42 censored (bridge)      | 28 censored (last)        | 42 censored (bridge)
progression not documented       | 28 PR, 56 PR                 | clinical 70                     | 28 censored (clinical)    | 28 censored (clinical)    | 42 progression (clinical progression) | 28 censored (clinical)
no response                      | 28 SD, 56 MR, 84 PD          |                                 | none                      | none                      | none                      | none
never assessed                   |                              | contact 90                      | none                      | none                      | none                      | none
never assessed, no therapy day   |                              | therapy -5                      | none                      | none                      | none                      | none
response after new therapy       | 28 SD, 90 PR                 | therapy 70                      | none                      | none                      | none                      | none
response on the day of therapy   | 28 SD, 70 PR                 | therapy 70                      | 0 censored (new therapy)  | 0 censored (new therapy)  | 0 new therapy             | 0 censored (new therapy)
response after progression       | 28 PD, 90 PR                 |                                 | none                      | none                      | none                      | none
response after the bridge        | 28 SD, 90 PR                 | bridge 70                       | none                      | none                      | 0 censored (last)         | none
response after the cut-off       | 28 SD, 90 PR                 | cutoff 80                       | none                      | none                      | none                      | none
response after clinical PD       | 28 SD, 90 PR                 | clinical 70                     | none                      | none                      | none                      | none
response without a day           | 28 SD, ? PR                  |                                 | unknown (no progression day) | unknown (no progression day) | unknown (no progression day) | unknown (no progression day)
responded, therapy day wrong     | 28 PR                        | therapy -5                      | unknown (no therapy day)  | unknown (no therapy day)  | unknown (no therapy day)  | unknown (no therapy day)
no baseline                      | 28 PR                        | no baseline                     | none                      | none                      | none                      | none
"""

OTHERS = """
situation                       | visits                      | course                   | os                        | ttr                | time-to-best      | ttp                       | ttnt                      | nrm
death                           | 28 PR, 56 VGPR, 84 VGPR     | death 90, contact 90     | 90 death                  | 28 response (first) | 56 best response | 90 censored (at death)    | 90 censored (at death)    | 90 death without progression
alive                           | 28 SD, 56 MR                | contact 90               | 90 censored (contact)     | none               | none              | 56 censored (last)        | 90 censored (contact)     | 90 censored (contact)
progression, then death         | 28 VGPR, 56 PR, 84 PD       | death 90                 | 90 death                  | 28 response (first) | 28 best response | 84 progression            | 90 censored (at death)    | 84 progression
progression and death, one day  | 28 CR, 84 PD                | death 84                 | 84 death                  | 28 response (first) | 28 best response | 84 progression            | 84 censored (at death)    | 84 progression
best after progression          | 28 PR, 56 PD, 84 CR         | contact 90               | 90 censored (contact)     | 28 response (first) | 28 best response | 56 progression            | 90 censored (contact)     | 56 progression
best after new therapy          | 28 PR, 84 CR                | therapy 70, contact 90   | 90 censored (contact)     | 28 response (first) | 28 best response | 28 censored (new therapy) | 70 new therapy            | 90 censored (contact)
therapy, then death             | 28 PR                       | therapy 70, death 90     | 90 death                  | 28 response (first) | 28 best response | 28 censored (new therapy) | 70 new therapy            | 90 death without progression
therapy on the day of death     | 28 PR                       | therapy 90, death 90     | 90 death                  | 28 response (first) | 28 best response | 90 censored (at death)    | 90 new therapy            | 90 death without progression
planned bridge                  | 28 PR                       | bridge 70, contact 90    | 90 censored (contact)     | 28 response (first) | 28 best response | 70 censored (bridge)      | 70 censored (bridge)      | 90 censored (contact)
death after the cut-off         | 28 PR                       | death 90, cutoff 80      | 80 censored (at cut-off)  | 28 response (first) | 28 best response | 28 censored (cut)         | 80 censored (at cut-off)  | 80 censored (at cut-off)
alive after the cut-off         | 28 PR                       | contact 90, cutoff 80    | 80 censored (at cut-off)  | 28 response (first) | 28 best response | 28 censored (last)        | 80 censored (at cut-off)  | 80 censored (at cut-off)
last contact is the cut-off     | 28 PR                       | contact 80, cutoff 80    | 80 censored (contact)     | 28 response (first) | 28 best response | 28 censored (last)        | 80 censored (contact)     | 80 censored (contact)
therapy after the cut-off       | 28 PR                       | therapy 90, contact 70, cutoff 80 | 70 censored (contact) | 28 response (first) | 28 best response | 28 censored (last) | 80 censored (at cut-off)  | 70 censored (contact)
last contact not known          | 28 PR                       |                          | unknown (no contact)      | 28 response (first) | 28 best response | 28 censored (last)        | unknown (no contact)      | unknown (no contact)
died on an unknown day          | 28 PR                       | died, contact 90         | unknown (no death day)    | 28 response (first) | 28 best response | unknown (no death day)    | unknown (no death day)    | unknown (no death day)
unknown day of death, therapy   | 28 PR                       | died, therapy 70         | unknown (no death day)    | 28 response (first) | 28 best response | 28 censored (new therapy) | 70 new therapy            | unknown (no death day)
death from progression          | 28 PR                       | death 90, from progression | 90 death                | 28 response (first) | 28 best response | 90 progression (from progression) | 90 censored (at death) | 90 progression (from progression)
death from another cause        | 28 PR                       | death 90, not from progression | 90 death            | 28 response (first) | 28 best response | 90 censored (at death)    | 90 censored (at death)    | 90 death without progression
cause of death not known        | 28 PR                       | death 90, cause unknown  | 90 death                  | 28 response (first) | 28 best response | unknown (no cause)        | 90 censored (at death)    | unknown (no cause)
not documented                  | 28 PR                       | clinical 70, contact 90  | 90 censored (contact)     | 28 response (first) | 28 best response | 28 censored (clinical)    | 90 censored (contact)     | 90 censored (contact)
start not known                 | 28 PR                       | start unknown, death 90  | unknown (no start)        | unknown (no start) | unknown (no start) | unknown (no start)       | unknown (no start)        | unknown (no start)
counted from another day        | 28 PR, 56 VGPR, 80 PD       | start 14, death 90       | 76 death                  | 14 response (first) | 42 best response | 66 progression            | 76 censored (at death)    | 66 progression
"""

PFS_LINES, DOR_LINES, OTHER_LINES = lines(PFS), lines(DOR), lines(OTHERS)


def _each(cases: list[Any]) -> list[Any]:
    """A patient by itself where the columns that others have would change what it is asked."""
    return [pytest.param(case, id=case.situation) for case in cases]


@pytest.mark.parametrize("case", _each(PFS_LINES))
def test_progression_free_survival(case: Any) -> None:
    tables = tables_of([case])
    for censoring, cell in case.expected.items():
        assert outcomes(tables, section("pfs", censoring, tables)) == [meant(cell)], censoring


@pytest.mark.parametrize("case", _each(DOR_LINES))
def test_duration_of_response(case: Any) -> None:
    tables = tables_of([case])
    for censoring, cell in case.expected.items():
        assert outcomes(tables, section("dor", censoring, tables)) == [meant(cell)], censoring


@pytest.mark.parametrize("case", _each(OTHER_LINES))
def test_other_endpoints(case: Any) -> None:
    tables = tables_of([case])
    for endpoint, cell in case.expected.items():
        assert outcomes(tables, section(endpoint, "fda-primary", tables)) == [meant(cell)], endpoint


ELEMENTS = """
situation                   | visits              | course                  | endpoint | element                              | expected
new therapy ignored         | 28 PR, 56 PR, 90 PD | therapy 70              | pfs      | new_therapy=ignore                   | 90 progression
new therapy ignored         | 28 PR, 90 PD        | therapy 70              | ttp      | new_therapy=ignore                   | 90 progression
clinical ignored            | 28 PR, 56 PR, 80 PD | clinical 70             | pfs      | clinical_progression=ignore          | 80 progression
clinical competes           | 28 PR               | clinical 70, death 90   | nrm      | clinical_progression=event           | 70 progression (clinical progression)
clinical is an event        | 28 PR               | clinical 70             | ttp      | clinical_progression=event           | 70 progression (clinical progression)
clinical missed             | 28 PR               | clinical 200            | pfs      | clinical_progression=event missed_assessments_days=70 | 28 censored (gap)
bridge ignored              | 28 PR, 90 PD        | bridge 70               | pfs      | planned_bridge=ignore                | 90 progression
bridge ignored              | 28 PR               | bridge 70, therapy 90   | ttnt     | planned_bridge=ignore                | 90 new therapy
bridge ignored, then PR     | 90 PR               | bridge 70               | ttr      | planned_bridge=ignore                | 90 response (first)
deaths event                | 28 PR               | death 70                | ttnt     | death=event                          | 70 death
death at last assessment    | 28 PR, 56 PR        | death 70                | ttp      | death=censor-at-last-assessment      | 56 censored (before death)
death at last assessment    | 28 PR, 56 PR        | death 70                | dor      | death=censor-at-last-assessment      | 28 censored (before death)
other gap                   | 28 PR               | death 41                | pfs      | missed_assessments_days=12           | 28 censored (gap)
gap off in the strict set   | 28 PR               | death 400               | dor      | missed_assessments_days=0            | 372 death
"""


@pytest.mark.parametrize("case", _each(lines(ELEMENTS)))
def test_elements_that_the_study_sets(case: Any) -> None:
    tables = tables_of([case])
    given: dict[str, Any] = dict(part.split("=") for part in case.expected["element"].split())
    given = {key: int(value) if value.isdigit() else value for key, value in given.items()}
    made = section(
        case.expected["endpoint"], "fda-strict" if "off" in case.situation else "fda-primary", tables, **given
    )
    assert outcomes(tables, made) == [meant(case.expected["expected"])]


FLIPS = [
    (endpoint, censoring, element, value)
    for endpoint, censorings in (("pfs", ("fda-primary", "fda-strict", "fda-sensitivity")), ("dor", tuple(RULE_SETS)))
    for censoring in censorings
    for element, values in ALLOWED[endpoint].items()
    for value in (values or (0, 69, 70, 71))
    if value != getattr(section(endpoint, censoring, tables_of([PFS_LINES[0]])).elements, element)
]


@pytest.mark.parametrize(("endpoint", "censoring", "element", "value"), FLIPS)
def test_every_element_flipped_makes_a_line_fail(endpoint: str, censoring: str, element: str, value: Any) -> None:
    assert _fails(endpoint, censoring, **{element: value})


def _fails(endpoint: str, censoring: str, **given: Any) -> bool:
    for cases in together(PFS_LINES if endpoint == "pfs" else DOR_LINES):
        tables = tables_of(cases)
        found = outcomes(tables, section(endpoint, censoring, tables, **given))
        if found != [meant(case.expected[censoring]) for case in cases]:
            return True
    return False


@pytest.mark.parametrize("position", range(5))
def test_every_order_on_one_day_changed_makes_a_line_fail(position: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neighbors in the order in which ends of one day count, and the first with the last, change places."""
    true_order = ends.ending_order

    def changed(made: TimeToEvent) -> list[str]:
        order = true_order(made)
        first, second = (position, position + 1) if position < 4 else (0, 4)
        order[first], order[second] = order[second], order[first]
        return order

    monkeypatch.setattr(ends, "ending_order", changed)
    assert any(_fails("pfs", censoring) for censoring in ("fda-primary", "fda-sensitivity") if _has_five(censoring))


def _has_five(censoring: str) -> bool:
    return RULE_SETS[censoring].progression_ended.planned_bridge == "censor"


def test_the_order_of_rows_does_not_matter() -> None:
    tables = tables_of(max(together(PFS_LINES), key=len))
    made = section("pfs", "fda-strict", tables)
    first = RULES["time-to-event"](tables, made).columns
    shuffled = replace(
        tables,
        patients=tables.patients.sample(fraction=1.0, shuffle=True, seed=1),
        responses=tables.responses.sample(fraction=1.0, shuffle=True, seed=2),
    )
    again = RULES["time-to-event"](shuffled, made).columns
    assert again.sort("patient").equals(first.sort("patient"))


def test_together_the_lines_give_what_each_gives_alone() -> None:
    for censoring in ("fda-primary", "fda-strict", "fda-sensitivity"):
        assert not _fails("pfs", censoring)
    for censoring in RULE_SETS:
        assert not _fails("dor", censoring)


def _therapies(*rows: tuple[Any, ...]) -> pl.DataFrame:
    columns = ("line", "drug_class", "role", "start", "stop", "stop_reason")
    records = [{"patient": "0", "drug": "a", **dict(zip(columns, row, strict=True))} for row in rows]
    return pl.DataFrame(records, schema=schema_of("therapies"))


INDEX = (5, "bcma-bispecific", "index", 0, 60, None)
BRIDGED = (5, "bcma-bispecific", "index", 0, 60, "planned-bridge")
THERAPIES = {
    "the first subsequent drug": ((INDEX, (6, "imid", "subsequent", 80, None, None), (6, "pi", "subsequent", 70, None, None)), "56 censored (new therapy)", "70 new therapy"),
    "prior, bridging and supportive are none": ((INDEX, (1, "pi", "prior", -300, -200, None), (5, "pi", "bridging", 10, 20, None), (5, "other", "supportive", 30, None, None)), "90 progression", "90 progression"),
    "a first drug without its day": ((INDEX, (6, "imid", "subsequent", None, None, None)), "unknown (no therapy day)", "unknown (no therapy day)"),
    "another drug of that line without its day": ((INDEX, (6, "imid", "subsequent", None, None, None), (6, "pi", "subsequent", 70, None, None)), "unknown (no therapy day)", "unknown (no therapy day)"),
    "a later line without its day": ((INDEX, (7, "imid", "subsequent", None, None, None), (6, "pi", "subsequent", 70, None, None)), "56 censored (new therapy)", "70 new therapy"),
    "a line not known, without its day": ((INDEX, (None, "imid", "subsequent", None, None, None), (6, "pi", "subsequent", 70, None, None)), "unknown (no therapy day)", "unknown (no therapy day)"),
    "before the study drug": ((INDEX, (6, "imid", "subsequent", -2, None, None)), "unknown (no therapy day)", "unknown (no therapy day)"),
    "planned cell therapy with its conditioning": ((BRIDGED, (6, "alkylator", "subsequent", 75, 77, None), (6, "bcma-car-t", "subsequent", 80, 80, None)), "80 censored (bridge)", "90 progression"),
    "cell therapy that was not planned": ((INDEX, (6, "alkylator", "subsequent", 75, 77, None), (6, "bcma-car-t", "subsequent", 80, 80, None)), "56 censored (new therapy)", "75 new therapy"),
    "planned, but another drug came first": ((BRIDGED, (6, "imid", "subsequent", 70, None, None), (7, "bcma-car-t", "subsequent", 80, 80, None)), "56 censored (new therapy)", "70 new therapy"),
    "a second cell therapy is new therapy": ((BRIDGED, (6, "bcma-car-t", "subsequent", 80, 80, None), (7, "gprc5d-car-t", "subsequent", 85, 85, None)), "80 censored (bridge)", "85 new therapy"),
    "planned, its day not known": ((BRIDGED, (6, "bcma-car-t", "subsequent", None, None, None)), "unknown (no therapy day)", "90 progression"),
    "stopped for progression not documented": (((5, "bcma-bispecific", "index", 0, 60, "clinical-progression"),), "56 censored (clinical)", "60 progression (clinical progression)"),
    "that stop without its day": (((5, "bcma-bispecific", "index", 0, None, "clinical-progression"),), "unknown (no progression day)", "unknown (no progression day)"),
    "an undated line between two with days": ((INDEX, (7, "imid", "subsequent", None, None, None), (6, "pi", "subsequent", 70, None, None), (8, "pi", "subsequent", 85, None, None)), "56 censored (new therapy)", "70 new therapy"),
    "planned, then a transplant without its day": ((BRIDGED, (6, "alkylator", "subsequent", 75, 77, None), (6, "bcma-car-t", "subsequent", 80, 80, None), (7, "autologous-transplant", "subsequent", None, None, None)), "80 censored (bridge)", "90 progression"),
    "two study drugs stopped, the first counts": (((5, "bcma-bispecific", "index", 0, 66, "clinical-progression"), (5, "imid", "index", 0, 60, "clinical-progression")), "56 censored (clinical)", "60 progression (clinical progression)"),
}  # fmt: skip


@pytest.mark.parametrize("name", THERAPIES)
def test_therapies_say_when_new_therapy_and_bridging_begin(name: str) -> None:
    rows, primary, sensitivity = THERAPIES[name]
    case = lines("situation | visits | course |\nx | 28 PR, 56 PR, 90 PD | contact 200 |")[0]
    tables = tables_of([case], therapies=_therapies(*rows))
    for censoring, cell in (("fda-primary", primary), ("fda-sensitivity", sensitivity)):
        assert outcomes(tables, section("pfs", censoring, tables)) == [meant(cell)], censoring


RECORDS = pl.DataFrame(
    {
        "patient": ["0"] * 5,
        "day": [28, 56, 84, 112, 140],
        "response": ["PR", "VGPR", "PD", "PD", "PD"],
        "confirmed": ["PR", "SD", "NE", "PD", "PD"],
        "progression_basis": [None, None, "biochemical", "biochemical", "biochemical"],
        "is_adequate": [True, True, True, True, True],
        "explanation": [""] * 5,
    }
)


@pytest.mark.parametrize(
    ("confirmed", "pfs", "best"),
    [(True, "112 progression", "28 best response"), (False, "84 progression", "56 best response")],
)
def test_derived_responses_count_when_confirmed_on_the_day_of_the_first_sample(
    confirmed: bool, pfs: str, best: str
) -> None:
    case = lines("situation | visits | course |\nx |  | contact 200 |")[0]
    tables = replace(tables_of([case]), records={"response": RECORDS})
    for endpoint, cell in (("pfs", pfs), ("time-to-best", best)):
        made = section(endpoint, "fda-primary", tables, response="response", confirmed=confirmed)
        assert made.records() == ("response",)
        assert made.tables() == ("therapies",)
        assert outcomes(tables, made) == [meant(cell)]


def test_a_visit_that_could_not_judge_is_not_adequate() -> None:
    case = lines("situation | visits | course |\nx |  | contact 200 |")[0]
    records = RECORDS.head(2).with_columns(is_adequate=pl.Series([True, None]))
    tables = replace(tables_of([case]), records={"response": records})
    assert outcomes(tables, section("pfs", "fda-primary", tables, response="response")) == [meant("28 censored (last)")]


@pytest.mark.parametrize("censoring", RULE_SETS)
@pytest.mark.parametrize("endpoint", ALLOWED)
def test_every_outcome_is_among_the_declared_levels(endpoint: str, censoring: str) -> None:
    for cases in together([*PFS_LINES, *DOR_LINES, *OTHER_LINES]):
        tables = tables_of(cases)
        made = section(endpoint, censoring, tables)
        columns = RULES["time-to-event"](tables, made).columns
        variables = made.variables()
        assert columns.columns[1:] == [variable.name for variable in variables]
        for variable in variables[1:]:
            levels = {level.code for level in variable.levels}
            assert set(columns[variable.name].drop_nulls()) <= levels


def test_an_event_on_the_first_day_and_a_therapy_before_it_are_told_to_the_site() -> None:
    case = lines("situation | visits | course |\nx | 0 PD | contact 200 |")[0]
    tables = tables_of(
        [case],
        therapies=_therapies(INDEX, (6, "imid", "subsequent", -2, None, None)).with_columns(pl.Series(LINE, [2, 3])),
    )
    tables = replace(tables, patients=tables.patients.with_columns(pl.Series(LINE, [2])))
    made = section("pfs", "fda-primary", replace(tables, patients=tables.patients.drop(LINE)))
    (before,) = RULES["time-to-event"](tables, made).findings
    assert (before.table, before.rule, before.lines.to_list(), before.severity) == (
        "therapies",
        "therapy-before-start",
        [3],
        "error",
    )
    alone = replace(tables, therapies=tables.therapies.head(1))
    (note,) = RULES["time-to-event"](alone, made).findings
    assert (note.table, note.rule, note.lines.to_list(), note.severity) == ("patients", "event-on-day-0", [2], "note")


@pytest.mark.parametrize(
    ("endpoint", "given", "said"),
    [
        ("os", {"new_therapy": "censor"}, "new_therapy has no meaning for os; it has none of these keys"),
        ("pfs", {"death": "censor"}, "death has no meaning for pfs; it has new_therapy, missed_assessments_days"),
        (
            "ttp",
            {"death": "event"},
            "death 'event' does not fit ttp; expected one of censor, censor-at-last-assessment",
        ),
        ("nrm", {"planned_bridge": "censor"}, "planned_bridge has no meaning for nrm; it has clinical_progression"),
    ],
)
def test_elements_that_an_endpoint_has_not_are_refused(endpoint: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TimeToEvent(name="e", label="E", rule="time-to-event", endpoint=endpoint, **given)
    assert caught.value.errors()[0]["msg"].startswith(said)


def test_what_a_section_reads() -> None:
    plain = TimeToEvent(name="pfs", label="PFS", rule="time-to-event", endpoint="pfs", death_date="dead_on")
    assert plain.tables() == ("therapies", "responses")
    assert [(each.key, each.variable, each.kinds) for each in plain.inputs()] == [("death_date", "dead_on", ("date",))]
    os = TimeToEvent(name="os", label="OS", rule="time-to-event", endpoint="os", response="imwg")
    assert (os.tables(), os.records()) == ((), ())
    dated = TimeToEvent(
        name="pfs", label="PFS", rule="time-to-event", endpoint="pfs", new_therapy_date="a", planned_bridge_date="b",
        clinical_progression_date="c",
    )  # fmt: skip
    assert dated.tables() == ("responses",)
    dor = TimeToEvent(name="dor", label="DOR", rule="time-to-event", endpoint="dor")
    assert [variable.name for variable in dor.variables()] == ["dor_days", "dor_event", "dor_reason", "dor_applies"]
    assert [level.code for level in dor.variables()[1].levels] == ["progression", "death", "censored"]


def test_a_site_without_patients() -> None:
    tables = tables_of([PFS_LINES[0]])
    nobody = Tables(
        tables.patients.clear(),
        *(getattr(tables, name).clear() for name in ("therapies", "assessments", "events", "responses")),
    )
    for endpoint in ALLOWED:
        made = section(endpoint, "fda-primary", tables)
        assert RULES["time-to-event"](nobody, made).columns.height == 0
