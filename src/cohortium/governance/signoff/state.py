"""Locked and signed, site by site, for the status table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cohortium.governance.audit import AUDIT_FILE, read_entries
from cohortium.governance.signoff.rules import CHANGED
from cohortium.governance.signoff.standing import differences, stand
from cohortium.governance.signoff.things import site_thing
from cohortium.study.load import load_study


@dataclass(frozen=True, slots=True)
class SiteState:
    """Whether a site's data are locked and signed.

    void   what changed since; then they are neither
    """

    locked: bool
    signed: bool
    void: str = ""


def site_states(directory: Path) -> Mapping[str, SiteState]:
    """The state of every site of the study in a directory, in the study file's order.

    Raises
        StudyFileError: the study is not valid.
        AuditError: the audit chain is broken.
    """
    study = load_study(directory)
    history = tuple(entry.act for entry in read_entries(directory / AUDIT_FILE))
    states = {}
    for site in study.file.site:
        thing = site_thing(study, site.id)
        standing = stand(thing, history)
        void = "; ".join(differences(standing.files, thing.files)) if standing.state == CHANGED else ""
        is_signed = standing.state == "signed"
        states[site.id] = SiteState(is_signed or standing.state == "locked", is_signed, void)
    return states
