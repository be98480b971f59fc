"""Every path of a TOML text is found on its line."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohortium.study.locate import locate

TEXT = '''\
# a comment
[study]
name = "a # not a comment"
title = """two
lines with ""quotes"" """
"quoted key" = 1
time.origin = "x"
'lit.eral'.part = 2

[[site]]   # first
id = "one"

[[site]]
id = "two"
ethics = { board = "b]", number = [1, 2], inner = { deep = true } }

[cohort]

[[cohort.step]]
where = """
age >= 18 \\
"""

[[cohort.step]]
list = [
  "a", 'b',   # two on a line
  # nothing here
  { level = "x", where = "y" },

  [1.5, 2024-04-30 10:00:00],
]
last = 3
'''

PLACES = [
    ((), 1),
    (("study",), 2),
    (("study", "name"), 3),
    (("study", "title"), 4),
    (("study", "quoted key"), 6),
    (("study", "time", "origin"), 7),
    (("study", "lit.eral", "part"), 8),
    (("site",), 10),
    (("site", 0), 10),
    (("site", 0, "id"), 11),
    (("site", 1), 13),
    (("site", 1, "id"), 14),
    (("site", 1, "ethics", "inner", "deep"), 15),
    (("cohort",), 17),
    (("cohort", "step", 0), 19),
    (("cohort", "step", 0, "where"), 20),
    (("cohort", "step", 1, "list"), 25),
    (("cohort", "step", 1, "list", 1), 26),
    (("cohort", "step", 1, "list", 2), 28),
    (("cohort", "step", 1, "list", 2, "where"), 28),
    (("cohort", "step", 1, "list", 3, 1), 30),
    (("cohort", "step", 1, "last"), 32),
]


@pytest.mark.parametrize(("path", "line"), PLACES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_path_is_on_its_line(path, line, newline):
    assert locate(TEXT.replace("\n", newline)).of(path) == line


def test_a_path_that_is_not_written_is_at_its_closest_written_part():
    assert locate(TEXT).of(("site", 1, "name")) == 13
    assert locate(TEXT).of(("endpoint", 0)) == 1


def test_an_escaped_quotation_mark_does_not_end_a_text():
    assert locate('a = "x\\" ] # "\nb = \'\'\'it\'s\'\'\'\'\nc = """\\""""""\nd = 1').of(("d",)) == 4


keys = st.from_regex(r"[a-z]{1,5}", fullmatch=True)
scalars = st.one_of(
    st.integers(0, 99).map(str),
    st.sampled_from(['"a"', "'b'", '"""c\n"""', "'''d\n]'''", "true", "1.5", "2024-04-30", '"#{,"']),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3).map(lambda items: "[\n" + ",  # note ]\n".join(items) + "\n]"),
    max_leaves=6,
)


@given(st.dictionaries(keys, values, max_size=6))
def test_any_document_that_tomllib_reads_is_followed(entries):
    text = "".join(f"{key} = {value}\n" for key, value in entries.items())
    assert tomllib.loads(text).keys() == entries.keys()
    lines = locate(text)
    expected = 1
    for key, value in entries.items():
        assert lines.of((key,)) == expected
        expected += 1 + value.count("\n")
