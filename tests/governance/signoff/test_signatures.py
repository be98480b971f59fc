"""Whether signatures are valid, and the drawing of the transition table in the documentation."""

from pathlib import Path

from cohortium.governance.audit import AUDIT_FILE, read_entries
from cohortium.governance.signoff.diagram import diagram
from cohortium.governance.signoff.rules import OWNERS, STATEMENTS, TRANSITIONS
from cohortium.governance.signoff.signatures import signatures
from governance.signoff.small_study import DATA

ROOT = Path(__file__).resolve().parents[3]


def voids(study):
    found = signatures(study, read_entries(study.directory / AUDIT_FILE))
    return [(signature.entry.act.action, signature.void) for signature in found]


def test_a_changed_byte_voids_and_is_named_and_putting_it_back_restores(do, study):
    do("rivera", "lock", "site:site-01")
    do("chen", "responsibility", "site:site-01")
    assert voids(study) == [("lock", ""), ("responsibility", "")]
    data = study.directory / DATA
    original = data.read_bytes()
    for changed in (original[:-1], original + b" ", bytes([original[0] ^ 1]) + original[1:]):
        data.write_bytes(changed)
        assert voids(study) == [("lock", f"{DATA} changed"), ("responsibility", f"{DATA} changed")]
    data.write_bytes(original)
    assert voids(study) == [("lock", ""), ("responsibility", "")]


def test_a_release_and_a_newer_version_void(do, study):
    do("rivera", "lock", "site:site-01")
    do("rivera", "release", "site:site-01")
    do("rivera", "lock", "site:site-01")
    data = study.directory / DATA
    data.write_bytes(data.read_bytes() + b"\n")
    do("rivera", "lock", "site:site-01")
    assert voids(study) == [
        ("lock", f"{DATA} changed; released in entry 2"),
        ("lock", f"{DATA} changed; replaced by entry 4"),
        ("lock", ""),
    ]


def test_a_signature_of_results_covers_every_output(do, study, locked_and_signed):
    do("okafor", "review", "results")
    assert voids(study)[-1] == ("review", "")
    (study.directory / "results" / "results.csv").write_text("better numbers")
    expected = "results/results.csv is not the file that results/manifest.json names"
    assert voids(study)[-1] == ("review", expected)


def test_a_signature_says_nothing_of_another_study(do, study, locked_and_signed):
    """The whole audit file copied to a study with other files: everything is void."""
    for path in [*study.directory.glob("sites/*/*.csv")]:
        path.write_bytes(path.read_bytes() + b"\n")
    assert all(void for _, void in voids(study))


def test_every_transition_has_an_owner_and_a_statement():
    done = {(kind, action) for kind, _, action, _ in TRANSITIONS}
    assert done == {(kind, action) for kind, action, _ in OWNERS} == set(STATEMENTS)


def test_the_documentation_shows_the_transition_table():
    page = (ROOT / "docs" / "how-to" / "sign-off.md").read_text(encoding="utf-8")
    assert f"```text\n{diagram()}```" in page, "put the output of diagram() into the page"


def test_the_documentation_shows_every_statement():
    page = (ROOT / "docs" / "how-to" / "sign-off.md").read_text(encoding="utf-8")
    assert [statement for statement in STATEMENTS.values() if statement not in page] == []
