"""A people file that passes every check and has no open point, to be changed by one thing a test."""

from pathlib import Path

import pytest

from cohortium.governance.people.load import read_people

PEOPLE = """\
[article]
title = "An article"
submitted = 2025-06-30
doi = "10.1000/182"
study_drug = "a drug"
study_drug_maker = "Janssen"

[article.history]
received = 2025-07-01
revised = [2025-09-01]
accepted = 2025-10-01
published_online = 2025-10-20

[[article.funding]]
funder = "A fund"
funder_id = "https://doi.org/10.13039/100000054"
recipients = ["smith"]

[[affiliation]]
id = "north"
name = "Northern Hospital"
ror = "https://ror.org/02qp3tb03"

[[author]]
id = "smith"
given = "Jane"
family = "Smith"
orcid = "0000-0002-1825-0097"
email = "smith@example.org"
affiliations = ["north"]
site = "north"
roles = [{ role = "software", degree = "lead" }]
confirmed = { contribution = 2025-06-01, drafting = 2025-06-01, approval = 2025-09-30, accountability = 2025-06-01 }
corresponding = true
equal_contribution = true
consent_to_be_named = 2025-06-01

[author.disclosure]
declared = 2025-06-01
interests = [{ category = "grants", organization = "Amgen" }]

[[author]]
id = "berg"
given = "Jo"
particle = "van der"
family = "Berg"
orcid = "0000-0002-1694-233X"
affiliations = ["north"]
roles = [{ role = "software", degree = "supporting" }]
confirmed = { contribution = 2025-06-01, drafting = 2025-06-01, approval = 2025-06-01, accountability = 2025-06-01 }
equal_contribution = true
consent_to_be_named = 2025-06-01

[author.disclosure]
declared = 2025-06-01
none = true

[[author]]
id = "consortium"
group = "The Consortium"
"""


class Site:
    """A site of a study, as far as people are concerned."""

    unassigned = False

    def __init__(self, id_):
        self.id = id_


class Study:
    """A study with two sites, as far as people are concerned."""

    class file:  # noqa: N801
        site = (Site("north"), Site("south"))


@pytest.fixture
def study():
    """A study with the sites north and south."""
    return Study


@pytest.fixture
def people_dir(tmp_path: Path) -> Path:
    """A directory with a people file that passes every check."""
    (tmp_path / "people.toml").write_text(PEOPLE, encoding="utf-8")
    return tmp_path


@pytest.fixture
def findings(people_dir, study):
    """Change the good file, read it, and return its findings as printed, without line numbers."""

    def find(*changes, add=""):
        text = PEOPLE
        for old, new in changes:
            assert old in text, f"{old} is not in people.toml"
            text = text.replace(old, new, 1)
        (people_dir / "people.toml").write_text(text + add, encoding="utf-8")
        found = read_people(people_dir, study).findings
        return [f"{item.severity}: {str(item.problem).partition(' ')[2]}" for item in found]

    return find
