"""The starter study that `cohortium new` writes: a commented study of simulated patients that runs."""

from __future__ import annotations

from cohortium.starter.write import write_starter

__all__ = ["write_starter"]
