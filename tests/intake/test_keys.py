import pytest


def found(intake):
    return [(query.site, query.line, query.key, query.rule) for query in intake.queries]


def test_leading_zeros_tell_keys_apart(small):
    intake = small.read({}, "id\n007\n7\n0007\n")
    assert intake.frame["id"].to_list() == ["007", "7", "0007"]
    assert intake.queries == ()


def test_a_number_key_stays_text(small, as_field):
    intake = small.read({"id": as_field("integer")}, "id\n007\n7\n")
    assert intake.frame["id"].to_list() == ["007", "7"]


def test_a_key_that_is_missing_or_repeated(small, as_field):
    intake = small.read({"x": as_field("integer")}, "id,x\nA,1\n,2\n A,3\n-99,4\n", data='missing_codes = ["-99"]')
    assert found(intake) == [
        ("site-01", 3, "", "key-missing"),
        ("site-01", 4, "A", "spaces-removed"),
        ("site-01", 4, "A", "duplicate-key"),
        ("site-01", 5, "", "invalid-key"),
    ]


@pytest.mark.parametrize("key", ["Doe Jane", "=1+1", "a\u202eb", "x" * 65, "<b>", '"two\nlines"'])
def test_a_key_that_may_be_a_name_or_worse_is_never_repeated(small, key):
    intake = small.read({}, f"id\n{key}\n")
    assert found(intake) == [("site-01", 2, "", "invalid-key")]
    assert key.strip('"') not in str(intake.queries[0])


def test_a_key_that_another_site_uses(small):
    intake = small.read_all({}, {"a": "id\nP1\nP2\n", "b": "id\nP3\nP1\n", "c": "id\nP1\n"})
    assert found(intake) == [("b", 3, "P1", "duplicate-key"), ("c", 2, "P1", "duplicate-key")]
    assert intake.queries[0].expected == "a key that no other site of the study uses"
