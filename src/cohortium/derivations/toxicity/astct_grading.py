"""ASTCT consensus grading of cytokine release syndrome and neurotoxicity: the tables, as data that never change.

References: Lee DW et al., Biol Blood Marrow Transplant 2019;25:625-638 [V].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Ladder = Mapping[str, int]
"""Code of a finding to its grade."""


@dataclass(frozen=True, slots=True)
class CrsGrading:
    """Cytokine release syndrome.

    fever_at_least   degrees Celsius
    domains          column of `events` to its ladder; the worst gives the grade
    """

    fever_at_least: float
    domains: Mapping[str, Ladder]


@dataclass(frozen=True, slots=True)
class IcansGrading:
    """Neurotoxicity.

    ice       lowest score of a band to its grade, best first
    domains   column of `events` to its ladder; the worst of these and of the ICE score gives the grade
    """

    ice: tuple[tuple[int, int], ...]
    domains: Mapping[str, Ladder]


CRS: Mapping[str, CrsGrading] = MappingProxyType({
    "ASTCT-2019": CrsGrading(
        fever_at_least=38.0,
        domains=MappingProxyType({
            "hypotension": {"none": 1, "no-pressor": 2, "one-pressor": 3, "several-pressors": 4},
            "oxygen": {"none": 1, "low-flow": 2, "high-flow": 3, "positive-pressure": 4},
        }),
    )
})  # fmt: skip

ICANS: Mapping[str, IcansGrading] = MappingProxyType({
    "ASTCT-2019": IcansGrading(
        ice=((10, 0), (7, 1), (3, 2), (0, 3)),
        domains=MappingProxyType({
            "consciousness": {"awake": 0, "spontaneous": 1, "voice": 2, "tactile": 3, "unarousable": 4},
            "seizure": {"none": 0, "resolved": 3, "prolonged": 4},
            "motor": {"none": 0, "deep-focal": 4},
            "edema": {"none": 0, "focal": 3, "diffuse": 4},
        }),
    )
})  # fmt: skip

FATAL = 5

ICE_PARTS: Mapping[str, int] = MappingProxyType(
    {"orientation": 4, "naming": 3, "commands": 1, "writing": 1, "attention": 1}
)
"""Highest points of each part of the ICE score: year, month, city and hospital; three objects; a command; a sentence;
counting backwards from 100 by 10."""
