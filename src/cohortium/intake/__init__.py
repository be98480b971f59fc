"""Site files to checked, de-identified rows and queries; the only code that touches identifiers."""

from __future__ import annotations

from cohortium.intake.read import Intake, SiteIntake, SourceFile, read_site, read_sites

__all__ = ["Intake", "SiteIntake", "SourceFile", "read_site", "read_sites"]
