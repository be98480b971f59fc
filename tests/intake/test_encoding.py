import pytest

from cohortium.errors import SiteDataError
from cohortium.intake.encoding import find_encoding

DECLARED = ("utf-8", "cp1252", "utf-16")
TEXT = "id,x\nMüller,ß\n"


def find(data, declared=DECLARED):
    return find_encoding(data, declared, "sites/a/patients.csv")


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (b"id,x\n1,+AGEA-\n", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_decodes_the_text(data, codec):
    assert find(data) == codec
    assert data.decode(codec).startswith("id,x\n")


def test_utf8_is_tried_first_whatever_is_declared():
    assert find(TEXT.encode(), ("cp1252",)) == "utf-8"


def test_a_character_across_blocks_is_decoded():
    data = b"x" * ((1 << 20) - 1) + "é\n".encode()
    assert find(data, ()) == "utf-8"


@pytest.mark.parametrize(
    ("data", "declared", "message"),
    [
        (TEXT.encode("cp1252"), ("utf-8",), "is in none of the encodings utf-8"),
        (b"id,x\n1,\x81\n", DECLARED, "is in none of the encodings utf-8, cp1252, utf-16"),
        (b"\xef\xbb\xbfid,x\n1,\xe9\n", DECLARED, "begins as UTF-8 (byte-order mark) but is not valid UTF-8"),
        (TEXT.encode("utf-16")[:-1], DECLARED, "begins as UTF-16 (byte-order mark) but is not valid UTF-16"),
        (TEXT.encode("utf-32"), DECLARED, "is UTF-32, which is not read"),
        (b"id,x\n1,2\n3,\x004\n", DECLARED, "patients.csv:3: holds a NUL byte"),
        (TEXT.encode("utf-16-le"), ("utf-8",), "patients.csv:1: holds a NUL byte"),
    ],
)
def test_a_file_that_does_not_decode_in_full_is_refused(data, declared, message):
    with pytest.raises(SiteDataError) as refusal:
        find(data, declared)
    assert message in str(refusal.value)
    assert "save the file as CSV UTF-8" in str(refusal.value)
