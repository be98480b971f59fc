"""Grades of hematotoxicity by days of low counts: the tables, as data that never change.

References: Rejeski K et al., Blood 2023;142:865-877 (neutrophils), as graded by the published program of Liang EC [V2];
grades of platelets as published in Blood Advances [V].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Days = Mapping[int, int]
"""Grade to the fewest days that give it."""


@dataclass(frozen=True, slots=True)
class IcahtGrading:
    """Early grades by days of low counts, late grades by the lowest count.

    neutrophils_at_most   neutrophils per microliter to grades by days of the longest run of so many or fewer
    late_neutrophils      neutrophils per microliter, at most, to the grade of the lowest value; worst first
    late_second_at_most   the second lowest value is at most this, so that the fall is not transient
    platelets_below       platelets, 10^9/L, to grades by all days of fewer
    late_platelets_below  the same for the late window
    never                 grade of a patient whose neutrophils never rose above the highest limit
    last_day              last day of the early window
    """

    neutrophils_at_most: Mapping[int, Days]
    late_neutrophils: tuple[tuple[int, int], ...]
    late_second_at_most: int
    platelets_below: Mapping[int, Days]
    late_platelets_below: Mapping[int, Days]
    never: int = 4
    last_day: int = 30


ICAHT: Mapping[str, IcahtGrading] = MappingProxyType({
    "EHA-EBMT-2023": IcahtGrading(
        neutrophils_at_most=MappingProxyType({500: {1: 1, 2: 7, 3: 14}, 100: {3: 7, 4: 14}}),
        late_neutrophils=((100, 4), (500, 3), (1000, 2), (1500, 1)),
        late_second_at_most=1500,
        platelets_below=MappingProxyType({50: {1: 1, 2: 7}, 20: {3: 1, 4: 14}}),
        late_platelets_below=MappingProxyType({100: {1: 1}, 50: {2: 1}, 20: {3: 1, 4: 14}}),
    )
})  # fmt: skip
