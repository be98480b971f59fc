"""`signers.toml`: who may lock and sign, and in which role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from cohortium.errors import Problem, StudyFileError, UsageError
from cohortium.governance.signoff.rules import Role
from cohortium.study.draft import problem_at
from cohortium.study.locate import Lines, locate
from cohortium.study.section import Name, Section
from cohortium.study.shape import read_shape_of
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.toml import read_toml

if TYPE_CHECKING:
    from cohortium.study.study import Study

SIGNERS = "signers.toml"


class Signer(Section):
    """`[[signer]]`: a person who locks or signs."""

    id: Name = Field(description="Short id; the author's id where the person is an author. Never given to another.")
    name: str = Field(min_length=1, max_length=200, description="Name as printed beside the signature.")
    roles: tuple[Role, ...] = Field(min_length=1, description="Roles in the study.")
    sites: tuple[Name, ...] = Field(
        default=(),
        description="Sites of a site investigator or data manager; a data manager without any has all of them.",
    )


class Signers(Section):
    """The whole of `signers.toml`."""

    signer: tuple[Signer, ...] = Field(min_length=1, description="Persons who lock or sign.")

    def named(self, actor: str) -> Signer:
        """The signer with an id.

        Raises
            UsageError: there is none.
        """
        for signer in self.signer:
            if signer.id == actor:
                return signer
        ids = [signer.id for signer in self.signer]
        hint = did_you_mean(actor, ids) or one_of(ids)
        raise UsageError(f"--as {actor}: {SIGNERS} has no signer with this id; {hint}")


def load_signers(study: Study) -> Signers:
    """Read and check `signers.toml` of a study directory.

    Raises
        StudyFileError: with every problem, in the order of lines.
    """
    path = study.directory / SIGNERS
    if not path.exists():
        hint = "write it with a [[signer]] for each person: id, name, roles and, where they belong to one, sites"
        raise StudyFileError("Nobody is declared who may lock or sign:", [Problem(SIGNERS, "is missing", hint)])
    raw, text, problem = read_toml(path)
    if problem:
        raise StudyFileError(f"{SIGNERS} cannot be read:", [problem])
    lines = locate(text, SIGNERS)
    signers, faults = read_shape_of(Signers, (("signer",),), raw)
    problems = [problem_at(lines, *fault) for fault in faults]
    if signers is not None:
        problems = list(_problems(signers, lines, [site.id for site in study.file.site]))
    if signers is None or problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        raise StudyFileError(f"{SIGNERS} has {count}:", problems)
    return signers


def _problems(signers: Signers, lines: Lines, sites: list[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, signer in enumerate(signers.signer):
        at = ("signer", index)
        if signer.id in seen:
            what = f"{shown(signer.id)} is the id of another signer too"
            yield problem_at(lines, (*at, "id"), what, "an id stays with its person")
        seen.add(signer.id)
        if "site-investigator" in signer.roles and not signer.sites:
            yield problem_at(lines, (*at, "roles"), "a site investigator needs a site", 'add sites = ["..."]')
        for position, site in enumerate(signer.sites):
            if site not in sites:
                what = f"{shown(site)} is no site of the study; {one_of(sites)}"
                yield problem_at(lines, (*at, "sites", position), what, did_you_mean(site, sites))
