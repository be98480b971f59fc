"""Two results directories compared: which statistics changed, by how much, and because of which inputs."""

from __future__ import annotations

from cohortium.comparison.causes import Causes, causes_of
from cohortium.comparison.changes import Change, changes_between
from cohortium.comparison.directory import ResultsDirectory, read_results

__all__ = ["Causes", "Change", "ResultsDirectory", "causes_of", "changes_between", "read_results"]
