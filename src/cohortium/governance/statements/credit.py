"""The 14 contributor roles of ANSI/NISO Z39.104-2022 (CRediT) with their names and addresses."""

from __future__ import annotations

from collections.abc import Mapping

from cohortium.governance.people.model import Role

VOCABULARY = "https://credit.niso.org/"
LABELS: Mapping[Role, str] = {
    "conceptualization": "Conceptualization",
    "data-curation": "Data curation",
    "formal-analysis": "Formal analysis",
    "funding-acquisition": "Funding acquisition",
    "investigation": "Investigation",
    "methodology": "Methodology",
    "project-administration": "Project administration",
    "resources": "Resources",
    "software": "Software",
    "supervision": "Supervision",
    "validation": "Validation",
    "visualization": "Visualization",
    "writing-original-draft": "Writing – original draft",
    "writing-review-editing": "Writing – review & editing",
}


def role_address(role: Role) -> str:
    """The address of a role in the vocabulary."""
    return f"{VOCABULARY}contributor-roles/{role}/"
