"""Who may do what, in which order, and the reason that is given."""

import pytest

from cohortium.errors import AuditError, RefusedRequestError, StudyFileError, UsageError
from cohortium.governance.audit import AUDIT_FILE, read_entries
from cohortium.governance.signoff.perform import Request, history_of, plan_act
from cohortium.governance.signoff.signers import load_signers
from cohortium.governance.signoff.state import SiteState, site_states
from governance.signoff.small_study import DATA, write_results


def refused(do, *asked):
    with pytest.raises(RefusedRequestError) as error:
        do(*asked)
    return error.value.message


def test_a_site_is_locked_then_signed(do, study):
    first = do("rivera", "lock", "site:site-01", "All queries answered")
    second = do("chen", "responsibility", "site:site-01")
    assert (first.number, first.time, first.act.role) == (1, "2025-06-30T12:00:00Z", "data-manager")
    assert [path for path, _ in first.act.files] == ["dictionary.csv", DATA]
    assert first.act.hash == second.act.hash
    assert first.act.why == "All queries answered"
    assert second.act.grounds == "Wei Chen acts as site investigator; site:site-01 is locked (lock by Ana Rivera)"
    assert "accurate and complete" in second.act.statement
    states = site_states(study.directory)
    assert states == {
        "site-01": SiteState(True, True),
        "site-02": SiteState(False, False),
        "site-03": SiteState(False, False),
    }


def test_refusals_say_why_and_leave_no_entry(do, study):
    """Order, owner, site, second person, repetition."""
    path = study.directory / AUDIT_FILE
    assert "site:site-01 is open; responsibility needs it to be locked" in refused(
        do, "chen", "responsibility", "site:site-01"
    )
    assert not path.exists()
    assert "belongs to the data manager of site-01" in refused(do, "haas", "lock", "site:site-01")
    do("rivera", "lock", "site:site-01")
    before = path.read_bytes()
    assert "another person must give the responsibility" in refused(do, "rivera", "responsibility", "site:site-01")
    assert "belongs to the site investigator of site-01" in refused(do, "haas", "responsibility", "site:site-01")
    assert "already given lock" in refused(do, "rivera", "lock", "site:site-01")
    assert "is nothing that is done to site:site-01" in refused(do, "chen", "approval", "site:site-01")
    assert path.read_bytes() == before


def test_a_released_site_is_open_again(do):
    do("rivera", "lock", "site:site-01")
    do("chen", "responsibility", "site:site-01")
    do("rivera", "release", "site:site-01")
    assert "is open" in refused(do, "chen", "responsibility", "site:site-01")
    do("rivera", "lock", "site:site-01")
    do("chen", "responsibility", "site:site-01")


def test_a_changed_byte_opens_the_site_and_is_named(do, study):
    do("rivera", "lock", "site:site-01")
    data = study.directory / DATA
    original = data.read_bytes()
    data.write_bytes(original.replace(b"1", b"2", 1))
    assert f"({DATA} changed)" in refused(do, "chen", "responsibility", "site:site-01")
    assert site_states(study.directory)["site-01"] == SiteState(False, False, f"{DATA} changed")
    data.unlink()
    assert site_states(study.directory)["site-01"].void == f"{DATA} is missing"
    assert "is missing" in refused(do, "rivera", "lock", "site:site-01")
    data.write_bytes(original)
    do("chen", "responsibility", "site:site-01")


def test_results_rest_on_signed_data_and_an_approved_study(do, locked_and_signed):
    assert "results:results is open; approval needs it to be reviewed" in refused(do, "lind", "approval", "results")
    do("okafor", "review", "results")
    assert "study must be approved and is open" in refused(do, "lind", "approval", "results")
    do("okafor", "review", "study")
    assert "another person must give the approval" in refused(do, "okafor", "approval", "study")
    do("lind", "approval", "study")
    assert "another person must give the approval" in refused(do, "okafor", "approval", "results")
    do("lind", "approval", "results")
    assert "has not signed access" in refused(do, "chen", "approval", "manuscript:manuscript.md")
    for author in ("chen", "okafor", "lind"):
        do(author, "access", "results")
        do(author, "approval", "manuscript:manuscript.md")
    assert "already given approval" in refused(do, "chen", "approval", "manuscript:manuscript.md")


def test_results_of_other_data_than_those_signed_are_refused(do, study, locked_and_signed):
    data = study.directory / DATA
    data.write_bytes(data.read_bytes() + b"\n")
    assert f"{DATA} changed after these results were made" in refused(do, "okafor", "review", "results")
    write_results(study.directory)
    assert f"site:site-01 must be signed and is changed ({DATA} changed)" in refused(do, "okafor", "review", "results")


def test_an_edited_output_is_refused_by_its_name(do, study, locked_and_signed):
    (study.directory / "results" / "results.csv").write_text("better numbers")
    expected = "results/results.csv is not the file that results/manifest.json names"
    assert expected in refused(do, "okafor", "review", "results")


def test_the_plan_is_the_act_and_writes_nothing(do, study):
    planned = plan_act(study, Request("rivera", "lock", "site:site-01", "because"), history_of(study))
    assert not (study.directory / AUDIT_FILE).exists()
    assert do("rivera", "lock", "site:site-01").act == planned.act


def test_the_results_directory_has_one_name(do, study, locked_and_signed):
    do("okafor", "review", "results:results/")
    assert "already given review" in refused(do, "okafor", "review", "results")


@pytest.mark.parametrize(
    "reference",
    ["", "site", "site:site-9", "studies", "study:x", "manuscript", "manuscript:../x", "manuscript:/etc/passwd",
     "manuscript:audit.jsonl", "results:..", "results:.", "manuscript:\udc80", "manuscript:a\nb"],
)  # fmt: skip
def test_what_is_no_thing_is_told(do, reference):
    with pytest.raises(UsageError):
        do("lind", "approval", reference)


def test_a_link_out_of_the_study_is_not_followed(do, study, tmp_path):
    (tmp_path / "outside.md").write_text("x")
    (study.directory / "link.md").symlink_to(tmp_path / "outside.md")
    with pytest.raises(UsageError):
        do("lind", "approval", "manuscript:link.md")


@pytest.mark.parametrize("why", ["", "  ", "x" * 1001])
def test_a_reason_is_needed(do, why):
    with pytest.raises(UsageError, match="--why"):
        do("rivera", "lock", "site:site-01", why)


def test_an_unknown_signer_gets_a_suggestion(do):
    with pytest.raises(UsageError, match="did you mean 'rivera'"):
        do("rivra", "lock", "site:site-01")


def test_nothing_is_decided_on_a_broken_chain(do, study):
    do("rivera", "lock", "site:site-01")
    do("chen", "responsibility", "site:site-01")
    path = study.directory / AUDIT_FILE
    path.write_bytes(path.read_bytes().replace(b"because", b"becauze", 1))
    with pytest.raises(AuditError):
        do("rivera", "release", "site:site-01")
    with pytest.raises(AuditError):
        site_states(study.directory)


def test_a_lost_entry_of_a_signature_is_not_made_up(do, study):
    """A torn last line is no signature; the next act records the cut."""
    do("rivera", "lock", "site:site-01")
    do("chen", "responsibility", "site:site-01")
    path = study.directory / AUDIT_FILE
    path.write_bytes(path.read_bytes()[:-1])
    assert site_states(study.directory)["site-01"] == SiteState(True, False)
    do("chen", "responsibility", "site:site-01")
    assert [entry.act.action for entry in read_entries(path)] == ["lock", "repair", "responsibility"]


def test_every_problem_of_signers_toml_at_once(study):
    text = (
        '[[signer]]\nid = "a"\nname = "A"\nroles = ["site-investigator"]\n'
        '[[signer]]\nid = "a"\nname = "B"\nroles = ["author"]\nsites = ["site-11"]\n'
    )
    (study.directory / "signers.toml").write_text(text)
    with pytest.raises(StudyFileError) as error:
        load_signers(study)
    assert [problem.where for problem in error.value.problems] == ["signers.toml:4", "signers.toml:6", "signers.toml:9"]
    (study.directory / "signers.toml").write_text(text.replace("author", "autor").replace("name", "nam"))
    with pytest.raises(StudyFileError, match="did you mean 'author'"):
        load_signers(study)
    (study.directory / "signers.toml").unlink()
    with pytest.raises(StudyFileError, match="is missing"):
        load_signers(study)
