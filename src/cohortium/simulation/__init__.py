"""A simulated consortium: sites with habits of their own, and laboratory values whose truth is known."""

from __future__ import annotations

from cohortium.simulation.design.reference import REFERENCE
from cohortium.simulation.simulate import Simulated, simulate

__all__ = ["REFERENCE", "Simulated", "simulate"]
