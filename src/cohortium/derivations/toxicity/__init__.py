"""Toxicity: cytokine release syndrome, neurotoxicity, laboratory grades, adverse events, hematotoxicity."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.derivations.rule import Rule
from cohortium.derivations.toxicity.adverse_events import adverse_events
from cohortium.derivations.toxicity.crs import crs
from cohortium.derivations.toxicity.ctcae_laboratory import ctcae_laboratory
from cohortium.derivations.toxicity.icaht import icaht
from cohortium.derivations.toxicity.icans import icans

RULES: Mapping[str, Rule] = {
    "crs": crs,
    "icans": icans,
    "ctcae-laboratory": ctcae_laboratory,
    "adverse-events": adverse_events,
    "icaht": icaht,
}

__all__ = ["RULES", "adverse_events", "crs", "ctcae_laboratory", "icaht", "icans"]
