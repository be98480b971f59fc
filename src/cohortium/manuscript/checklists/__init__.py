"""STROBE and RECORD checklists that say where each item is."""

from __future__ import annotations

from cohortium.manuscript.checklists.filled import FOLDER, checklist_files, planned_checklists

__all__ = ["FOLDER", "checklist_files", "planned_checklists"]
