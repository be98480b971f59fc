"""Every rule of people.toml: what is an error, what is an open point, what is a note."""

import inspect

import pytest

from cohortium.errors import StudyFileError
from cohortium.governance.people.check import RULES
from cohortium.governance.people.load import load_people, read_people

CONFIRMED = "confirmed = { contribution = 2025-06-01, drafting = 2025-06-01, approval = 2025-06-01, "
CASES = [
    ([('id = "berg"', 'id = "smith"')], ["error: author[2].id: 'smith' is declared twice, first in people.toml:24"]),
    (
        [('group = "The Consortium"', 'group = "The Consortium"\ngiven = "Jo"')],
        ["error: author[3]: is a group and has given too; expected a person or a group (make two authors of them)"],
    ),
    (
        [('given = "Jo"\nparticle = "van der"\nfamily = "Berg"', 'given = "Jo"')],
        [("error: author[2]: has no name; expected 'family' for a person or 'group' for a group "
         "(a person with one name has it in 'family')")],
    ),
    (
        [('given = "Jo"\nparticle = "van der"\nfamily = "Berg"', 'given = "John"\nfamily = "Sawyer"')],
        [("note: author[2]: authors smith, berg would have the same initials; they are published as JSm, JSa "
         "(the key 'initials' chooses others)")],
    ),
    (
        [('given = "Jo"\nparticle = "van der"\nfamily = "Berg"', 'given = "Jane"\nfamily = "Smith"')],
        [("error: author[2]: authors smith, berg have the same published initials 'JS' "
         "(give all but one the key 'initials')")],
    ),
    (
        [('given = "Jo"\n', 'given = "Jo"\ninitials = "js"\n'), ('given = "Jane"\n', 'given = "Jane"\ninitials = "JS"\n')],
        [("error: author[2]: authors smith, berg have the same published initials 'JS' "
         "(give all but one the key 'initials')")],
    ),
    (
        [("0000-0002-1825-0097", "0000-0002-1825-0079")],
        [("error: author[1].orcid: 0000-0002-1825-0079 has a wrong check digit; these digits end with 0 "
         "(a digit is wrong: copy it from the person's ORCID record)")],
    ),
    (
        [("0000-0002-1825-0097", "0000000218250097")],
        [("error: author[1].orcid: '0000000218250097' is not an ORCID iD; expected 0000-0002-1825-0097 or its address "
         "(copy it from the person's ORCID record)")],
    ),
    (
        [("0000-0002-1825-0097", "0000-0000-0000-0001")],
        [("note: author[1].orcid: 0000-0000-0000-0001 is not among the numbers that ORCID hands out "
         "(look it up on orcid.org)")],
    ),
    (
        [("0000-0002-1694-233X", "https://orcid.org/0000-0002-1825-0097")],
        ["error: author[2].orcid: 0000-0002-1825-0097 is the ORCID iD of smith too"],
    ),
    (
        [('orcid = "0000-0002-1694-233X"', "orcid_authenticated = true")],
        ["error: author[2].orcid_authenticated: is true, and there is no 'orcid'"],
    ),
    (
        [("smith@example.org", "smith at example.org")],
        ["error: author[1].email: is not an e-mail address; expected name@institution.org"],
    ),
    (
        [('affiliations = ["north"]', 'affiliations = ["nort"]')],
        ["error: author[1].affiliations[1]: unknown affiliation 'nort'; expected north (did you mean 'north'?)"],
    ),
    (
        [('affiliations = ["north"]', 'affiliations = ["north", "north"]')],
        ["error: author[1].affiliations[2]: 'north' is listed twice"],
    ),
    ([('affiliations = ["north"]\n', "")], ["open: author[1]: smith has no affiliation"]),
    (
        [("[[author]]", '[[affiliation]]\nid = "south"\nname = "South"\n\n[[author]]')],
        ["open: affiliation[2]: no author has the affiliation 'south' (name it in an author's 'affiliations', or remove it)"],
    ),
    ([("02qp3tb03", "02qp3tb30")], ["error: affiliation[1].ror: 'https://ror.org/02qp3tb30' has wrong check digits (copy it from ror.org)"]),
    (
        [("https://ror.org/02qp3tb03", "grid.66875.3a")],
        ["error: affiliation[1].ror: 'grid.66875.3a' is not a ROR id; expected https://ror.org/02yrq0923 (copy it from ror.org)"],
    ),
    (
        [('site = "north"', 'site = "norht"')],
        ["error: author[1].site: unknown site 'norht'; expected one of north, south (did you mean 'north'?)"],
    ),
    (
        [('roles = [{ role = "software", degree = "supporting" }]\n', "")],
        ["open: author[2]: berg has no contribution (give the key 'roles')"],
    ),
    (
        [('roles = [{ role = "software", degree = "supporting" }]', 'roles = [{ role = "software" }, { role = "software" }]')],
        ["error: author[2].roles[2]: berg has the role software twice"],
    ),
    (
        [(', degree = "lead"', "")],
        ["open: author: the role software has supporting authors and nobody who leads it"],
    ),
    (
        [('degree = "lead"', 'degree = "equal"')],
        ["open: author: the role software is done equally by a single author"],
    ),
    (
        [('degree = "supporting"', 'degree = "lead"')],
        ["open: author: the role software is led by 2 authors (say 'equal' where they share it)"],
    ),
    (
        [("drafting = 2025-06-01, approval = 2025-06-01, ", "")],
        ["open: author[2].confirmed: berg has not confirmed drafting, approval"],
    ),
    (
        [(CONFIRMED, CONFIRMED.replace("contribution = 2025-06-01", "contribution = 2025-10-02"))],
        [("error: author[2].confirmed.contribution: 2025-10-02 is after 2025-10-01, "
         "the day of the last version that was sent")],
    ),
    (
        [("consent_to_be_named = 2025-06-01", "consent_to_be_named = 2026-01-01")],
        ["error: author[1].consent_to_be_named: 2026-01-01 is after 2025-10-01, the day of the last version that was sent"],
    ),
    ([("consent_to_be_named = 2025-06-01\n", "")], ["open: author[1]: smith has not consented to be named"]),
    (
        [("corresponding = true\n", "")],
        ["open: author: there is no corresponding author (give one 'corresponding = true')"],
    ),
    ([('email = "smith@example.org"\n', "")], ["open: author[1]: smith is a corresponding author without e-mail"]),
    (
        [("equal_contribution = true\n", "")],
        [("error: author[2].equal_contribution: is true of a single author; "
         "expected two or more who contributed equally")],
    ),
    (
        [("[author.disclosure]\ndeclared = 2025-06-01\nnone = true\n", "")],
        [("open: author[2]: berg has not answered about competing interests "
         "(give [author.disclosure]; 'none = true' is an answer)")],
    ),
    (
        [("declared = 2025-06-01\nnone = true", "none = true")],
        ["open: author[2].disclosure: the answer of berg has no date of declaration"],
    ),
    (
        [("declared = 2025-06-01\ninterests", "declared = 2025-06-01\nnone = true\ninterests")],
        ["error: author[1].disclosure.none: is true, and there are interests; expected one of the two"],
    ),
    (
        [("none = true", "none = false")],
        [("error: author[2].disclosure: is no answer; expected 'none = true' or a list of interests "
         "(remove it until the author has answered)")],
    ),
    (
        [("declared = 2025-06-01\nnone", "declared = 2022-06-29\nnone")],
        [("open: author[2].disclosure.declared: 2022-06-29 is more than 36 months before the submission on 2025-06-30 "
         "(ask the author again)")],
    ),
    ([("declared = 2025-06-01\nnone", "declared = 2022-06-30\nnone")], []),
    (
        [('organization = "Amgen"', 'organization = "Amgen", declared = 2026-01-01')],
        [("error: author[1].disclosure.interests[1].declared: 2026-01-01 is after 2025-10-01, "
         "the day of the last version that was sent")],
    ),
    ([("submitted = 2025-06-30\n", "")], ["open: article: the day of submission 'submitted' is not given"]),
    (
        [("accepted = 2025-10-01", "accepted = 2025-08-31"), ("approval = 2025-09-30", "approval = 2025-08-30")],
        ["error: article.history.accepted: accepted on 2025-08-31 is before revised on 2025-09-01"],
    ),
    ([("10.1000/182", "doi:182")], ["error: article.doi: 'doi:182' is not a DOI; expected for example 10.1000/182"]),
    (
        [('recipients = ["smith"]', 'recipients = ["smit"]')],
        [("error: article.funding[1].recipients[1]: unknown author 'smit'; "
         "expected one of smith, berg, consortium (did you mean 'smith'?)")],
    ),
    (
        [("https://doi.org/10.13039/100000054", "NCI")],
        ["error: article.funding[1].funder_id: 'NCI' is no funder id; expected 10.13039/100000054 or a ROR id"],
    ),
    (
        [('title = "An article"', "no_funding = true")],
        ["error: article.no_funding: is true, and there is funding; expected one of the two"],
    ),
    (
        [('study_drug_maker = "Janssen"\n', "")],
        ["open: article: the maker of 'a drug' is not given in 'study_drug_maker'"],
    ),
    (
        [('site = "north"', 'siet = "north"')],
        [("error: author[1].siet: unknown key; expected one of id, given, particle, family, suffix, group, initials, orcid, "
         "orcid_authenticated, email, affiliations, site and 6 more (did you mean 'site'?)")],
    ),
]  # fmt: skip


def test_a_good_file_has_no_finding(findings):
    assert findings() == []


@pytest.mark.parametrize(("changes", "expected"), CASES, ids=lambda value: value[0][:60] if value else "none")
def test_each_rule_says_what_is_wrong(findings, changes, expected):
    assert findings(*changes) == expected


def test_everything_is_found_at_once_with_its_line(people_dir):
    text = (people_dir / "people.toml").read_text().replace("0000-0002-1825-0097", "0000-0002-1825-0098").replace('role = "software", degree = "s', 'role = "softwear", degree = "s')  # fmt: skip
    (people_dir / "people.toml").write_text(text + '\n[[author]]\nid = "x"\nfamily = "X"\naffiliations = ["y"]\n')
    with pytest.raises(StudyFileError) as caught:
        load_people(people_dir)
    assert caught.value.message == f"people.toml in {people_dir} has 3 problems:"
    assert [problem.where for problem in caught.value.problems] == [
        "people.toml:28",
        "people.toml:49",
        "people.toml:65",
    ]


def test_an_author_with_a_fault_of_shape_is_not_a_second_problem(findings):
    """Funding names `smith`, whose e-mail is not a text: the reference is not judged."""
    found = [text for text in findings(('email = "smith@example.org"', "email = 1")) if text.startswith("error")]
    assert found == ["error: author[1].email: expected a text in quotation marks"]


def test_without_a_study_sites_are_not_judged(people_dir):
    text = (people_dir / "people.toml").read_text().replace('site = "north"', 'site = "nowhere"')
    (people_dir / "people.toml").write_text(text)
    assert load_people(people_dir).author[0].site == "nowhere"


def test_open_points_are_no_errors(people_dir):
    (people_dir / "people.toml").write_text('[[author]]\nid = "x"\nfamily = "X"\n')
    assert [author.id for author in load_people(people_dir).author] == ["x"]
    assert {finding.severity for finding in read_people(people_dir).findings} == {"open"}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (None, "people.toml: is missing in "),
        (b"[[author]\n", "people.toml:1: is not TOML"),
        (b"\xff\xfe", "people.toml:1: is UTF-16; expected UTF-8"),
        (b'[author]\nid = "x"\n', "people.toml:1: author: expected a list in square brackets (write [[author]] with"),
        (b'author = ["x"]\n', "people.toml:1: author[1]: expected a table"),
        (b"author = 1\naffiliation = 2\n", "people.toml:1: author: expected a list"),
        (b"[[auhtor]]\n", "people.toml:1: auhtor: unknown section"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path, data, expected):
    if data is not None:
        (tmp_path / "people.toml").write_bytes(data)
    with pytest.raises(StudyFileError) as caught:
        load_people(tmp_path)
    assert str(caught.value.problems[0]).startswith(expected)


def test_messages_never_hold_an_email(findings):
    assert not any("smith at" in text for text in findings(("smith@example.org", "smith at example.org")))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_says_what_it_wants(rule):
    assert inspect.getdoc(rule)
