"""ORCID iDs and ROR ids: published examples, and every error that their check digits can find."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.governance.people.orcid import (
    is_in_orcid_block,
    is_orcid,
    is_ror,
    orcid_check_digit,
    orcid_of,
    ror_of,
)

# From ORCID's documentation of the identifier and of its sandbox, and ends of the two blocks of numbers.
PUBLISHED = [
    "0000-0002-1825-0097",
    "0000-0001-5109-3700",
    "0000-0002-1694-233X",
    "0000-0003-1415-9269",
    "0000-0002-9079-593X",
    "0000-0001-5000-0007",
    "0000-0003-5000-0001",
]
# California Digital Library, MIT, Caltech, Stanford, Harvard, Mayo Clinic, ETH Zurich.
RORS = ["03yrm5c26", "042nb2s44", "05dxps055", "00f54p054", "03vek6s52", "02qp3tb03", "05a28rw58"]
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
BASE = st.text("0123456789", min_size=15, max_size=15)


def formed(characters):
    return "-".join(characters[i : i + 4] for i in range(0, 16, 4))


@pytest.mark.parametrize("orcid", PUBLISHED)
def test_published_examples(orcid):
    assert is_orcid(orcid)
    assert is_orcid(f"https://orcid.org/{orcid}")
    assert is_in_orcid_block(orcid)
    assert orcid_check_digit(orcid[:-1]) == orcid[-1]


@given(BASE)
def test_every_single_error_is_found(base):
    right = base + orcid_check_digit(base)
    assert is_orcid(formed(right))
    for position, old in enumerate(right):
        for new in "0123456789" if position < 15 else "0123456789X":
            assert is_orcid(formed(right[:position] + new + right[position + 1 :])) == (new == old)


@given(BASE)
def test_every_adjacent_transposition_is_found(base):
    right = base + orcid_check_digit(base)
    for i in range(15):
        swapped = right[:i] + right[i + 1] + right[i] + right[i + 2 :]
        assert is_orcid(formed(swapped)) == (swapped == right)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000000218250097",
        "0000-0002-1825-009",
        "0000-0002-1694-233x",
        "٠٠٠٠-0002-1825-0097",
        "http://example.org/0000-0002-1825-0097",
        "0000-0002-1825-0097 (Carberry)",
    ],
)
def test_other_forms_are_no_orcid(text):
    assert orcid_of(text) is None
    assert not is_orcid(text)


def test_a_number_that_orcid_does_not_hand_out_has_a_check_digit_too():
    assert is_orcid("0000-0000-0000-0001")
    assert not is_in_orcid_block("0000-0000-0000-0001")


def test_the_check_digit_needs_fifteen_digits():
    with pytest.raises(ValueError, match="expected 15 digits"):
        orcid_check_digit("0000-0002-1825")


@pytest.mark.parametrize("ror", RORS)
def test_published_ror_ids(ror):
    assert is_ror(ror)
    assert is_ror(f"https://ror.org/{ror}")
    assert ror_of(f"ror.org/{ror}") == ror


@given(st.sampled_from(RORS), st.integers(1, 6), st.sampled_from(CROCKFORD))
def test_every_single_error_of_a_ror_id_is_found(ror, position, new):
    assert is_ror(ror[:position] + new + ror[position + 1 :]) == (ror[position] == new)


@given(st.sampled_from(RORS), st.integers(1, 5))
def test_every_adjacent_transposition_of_a_ror_id_is_found(ror, i):
    swapped = ror[:i] + ror[i + 1] + ror[i] + ror[i + 2 :]
    assert is_ror(swapped) == (swapped == ror)


@pytest.mark.parametrize("text", ["", "https://ror.org/", "13yrm5c26", "03yrl5c26", "03yrm5c2"])
def test_other_forms_are_no_ror_id(text):
    assert not is_ror(text)
