"""Ethics records that contradict themselves or each other, and sites in a file of their own."""

from __future__ import annotations

import hashlib
import re

import pytest

from cohortium.errors import StudyFileError
from cohortium.study.load import load_study

NORTH = 'name = "Northern Hospital"\n'
SOUTH = 'name = "Southern Hospital"\n'
UNKNOWN = "unassigned = true\n"


def ethics(**changes):
    values = {
        "board": '"Board"',
        "decision": '"approved"',
        "approved": "2024-01-10",
        "consent": '"obtained"',
        **changes,
    }
    return f"ethics = {{ {', '.join(f'{key} = {value}' for key, value in values.items())} }}\n"


def relies(on):
    return ethics(decision='"reliance"', relies_on=f'"{on}"')


@pytest.mark.parametrize(
    ("north", "south", "expected"),
    [
        (ethics(), relies("north"), []),
        ("", "", []),
        (
            ethics(),
            relies("noth"),
            ["unknown site 'noth'; expected one of north, south, unknown (did you mean 'north'?)"],
        ),
        (
            "",
            relies("north"),
            ["'north' has no ethics decision; expected a site with a decision of its own"],
        ),
        (
            ethics(),
            relies("south"),
            ["a site cannot rely on itself; expected another site with a decision of its own"],
        ),
        (
            ethics(),
            relies("unknown"),
            ["'unknown' is unassigned; expected an institution with a decision of its own"],
        ),
        (
            ethics(),
            ethics(relies_on='"north"'),
            ["is given, but the decision is 'approved' (write decision = 'reliance', or remove it)"],
        ),
    ],
)
def test_reliance(problems, north, south, expected):
    found = problems((NORTH, NORTH + north), (SOUTH, SOUTH + south))
    assert found == [f"site[2].ethics.relies_on: {sentence}" for sentence in expected]


def test_a_circle_of_reliance_is_found_at_both_ends(problems):
    found = problems((NORTH, NORTH + relies("south")), (SOUTH, SOUTH + relies("north")))
    assert len(found) == 2
    assert all("relies on another site itself" in problem for problem in found)


def test_reliance_without_a_site(problems):
    (found,) = problems((NORTH, NORTH + ethics(decision='"reliance"')))
    assert found == "site[1].ethics: relies on another site; expected its id in relies_on"


def test_all_contradictions_at_once(problems):
    record = ethics(
        expires="2023-12-31",
        consent='"waived"',
        amendments='[{ approved = 2024-02-01 }, { approved = 2023-02-01, number = "2" }]',
    )
    agreement = 'agreement = { kind = "limited", signed = 2024-05-01, expires = 2024-04-30 }\n'
    assert sorted(problems((NORTH, NORTH + record + agreement))) == [
        "site[1].agreement.expires: 2024-04-30 is before the signature on 2024-05-01 (check the two dates)",
        (
            "site[1].ethics.amendments[2].approved: 2023-02-01 is before the approval on 2024-01-10 "
            "(`approved` of the decision is the day of the first approval)"
        ),
        (
            "site[1].ethics.consent: consent is 'waived'; expected the legal basis in consent_basis "
            "(for example '45 CFR 46.116(f)')"
        ),
        "site[1].ethics.expires: 2023-12-31 is before the approval on 2024-01-10 (check the two dates)",
    ]


def test_a_faulty_decision_that_is_relied_on_is_one_problem(problems):
    (found,) = problems((NORTH, NORTH + ethics(decision='"aproved"')), (SOUTH, SOUTH + relies("north")))
    assert "did you mean 'approved'?" in found


def test_a_misspelled_key_is_named(problems):
    (found,) = problems((NORTH, NORTH + ethics(expirs="2026-01-01")))
    assert "site[1].ethics.expirs: unknown key" in found
    assert "did you mean 'expires'?" in found


@pytest.fixture
def apart(study_dir):
    """The good study with its sites moved to sites.toml; the text of that file may be changed."""
    text = (study_dir / "study.toml").read_text(encoding="utf-8")
    start, end = text.index("[[site]]"), text.index("[[cohort.step]]")
    (study_dir / "study.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    sites = "# The sites.\n" + text[start:end]

    def write(*changes, add=""):
        changed = sites
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new, 1)
        (study_dir / "sites.toml").write_text(changed + add, encoding="utf-8")
        return study_dir

    return write


def faults(directory):
    with pytest.raises(StudyFileError) as caught:
        load_study(directory)
    return [str(problem) for problem in caught.value.problems]


def test_sites_may_stand_in_a_file_of_their_own(apart):
    study = load_study(apart((NORTH, NORTH + ethics())))
    assert [site.id for site in study.file.site] == ["north", "south", "unknown"]
    assert study.inputs == ("study.toml", "dictionary.csv", "sites.toml")
    content = b"".join((study.directory / name).read_bytes() for name in study.inputs)
    assert study.hash == hashlib.sha256(content).hexdigest()


def test_the_study_hash_covers_the_sites(apart):
    before = load_study(apart((NORTH, NORTH + ethics()))).hash
    assert load_study(apart((NORTH, NORTH + ethics(approved="2024-01-11")))).hash != before


def test_problems_name_the_file_and_the_line(apart):
    directory = apart((NORTH, NORTH + ethics(expires="2023-12-31") + "colour = 1\n"), (SOUTH, SOUTH + relies("west")))
    found = faults(directory)
    assert any(re.match(r"sites\.toml:6: site\[1\]\.colour: unknown key", problem) for problem in found)
    assert any(
        re.match(r"sites\.toml:11: site\[2\]\.ethics\.relies_on: unknown site 'west'", problem) for problem in found
    )


def test_a_problem_of_the_study_file_keeps_its_name(apart):
    directory = apart()
    text = (directory / "study.toml").read_text(encoding="utf-8")
    (directory / "study.toml").write_text(text.replace("horizon_days = 1000", "horizon_days = 0"), encoding="utf-8")
    (found,) = faults(directory)
    assert found.startswith("study.toml:")


def test_sites_in_both_files_are_refused(apart, study_dir):
    apart()
    with (study_dir / "study.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[site]]\nid = "west"\nname = "West"\n')
    (found,) = faults(study_dir)
    assert re.match(r"study\.toml:\d+: holds \[\[site\]\] sections, and there is a sites\.toml too", found)


def test_sites_toml_holds_sites_only(apart):
    (found,) = faults(apart(add='\n[time]\norigin = "x"\n'))
    assert re.match(r"sites\.toml:\d+: 'time' does not belong here; .* \(move it to study\.toml\)", found)


def test_sites_toml_that_is_not_toml(apart):
    directory = apart()
    (directory / "sites.toml").write_text("[[site]\n", encoding="utf-8")
    assert faults(directory)[0].startswith("sites.toml:1: is not TOML")


def test_no_sites_anywhere(apart):
    directory = apart()
    (directory / "sites.toml").unlink()
    assert any("add [[site]], or write the sites to sites.toml" in problem for problem in faults(directory))
