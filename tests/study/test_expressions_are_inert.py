"""Any text either compiles or is refused; compiling it opens, imports, starts and reaches nothing."""

import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cohortium.study.expressions import ExpressionError, compile_expression
from cohortium.study.variables import Level, Variable

VARIABLES = {
    "age": Variable("age", "Age", "integer"),
    "sex": Variable("sex", "Sex", "category", (Level("1", "Male"), Level("2", "Female"))),
    "death": Variable("death", "Death", "date"),
}
FORBIDDEN = (
    "open",
    "exec",
    "import",
    "os.",
    "subprocess.",
    "socket.",
    "shutil.",
    "ctypes.",
    "pickle.",
    "marshal.",
    "code.",
)
ATTACKS = [
    "__import__('os').system('touch /tmp/x')",
    "open('/etc/passwd')",
    "eval('1')",
    "exec('import os')",
    "().__class__.__bases__[0].__subclasses__()",
    "age.__class__",
    "[x for x in ().__class__.__mro__]",
    "(lambda: 1)()",
    "f'{open(1)}'",
    "min.__globals__",
    "age if open('x') else 1",
    "max(*[1, 2])",
    "round(**{'x': 1})",
    "(yield age)",
    "await age",
    "9 ** 9 ** 9 ** 9 > age",
    "'a' * 1000000000 == sex",
    "1" * 1900,
    "0x" + "f" * 1900 + " > age",
    "[" * 1900,
    "-" * 1900 + "age",
    "not " * 450 + "age",
    "age" + "<age" * 400,
    "\x00",
    "\ud800",
    "age\\\n> 3",
    "'\\d' == sex",
    "1if 1else 1",
]

_seen: list[str] = []
_listening = False


def _listen(event: str, _arguments: object) -> None:
    if _listening and event.startswith(FORBIDDEN):
        _seen.append(event)


@pytest.fixture(scope="module", autouse=True)
def _audit():
    # A hook cannot be taken away again, so it listens only while an expression is compiled.
    sys.addaudithook(_listen)


def _events_of(text):
    global _listening  # noqa: PLW0603 - the hook outlives the test and must be told when to listen
    _seen.clear()
    _listening = True
    try:
        compile_expression(text, VARIABLES)
    except ExpressionError:
        pass
    finally:
        _listening = False
    return list(_seen)


def test_the_hook_hears_what_it_must():
    global _listening  # noqa: PLW0603
    _seen.clear()
    _listening = True
    with open(__file__, encoding="utf-8"):  # noqa: PTH123
        _listening = False
    assert _seen == ["open"]


@pytest.mark.parametrize("text", ATTACKS, ids=[text[:30].encode("ascii", "replace").decode() for text in ATTACKS])
def test_attack_does_nothing(text):
    assert _events_of(text) == []


words = st.sampled_from(
    [
        "age",
        "sex",
        "death",
        "open",
        "eval",
        "__import__",
        "__class__",
        "min",
        "max",
        "round",
        "coalesce",
        "months",
        "is_missing",
        "and",
        "or",
        "not",
        "in",
        "is",
        "if",
        "else",
        "lambda",
        "for",
        "yield",
        "await",
        "None",
        "True",
        "1",
        "2",
        "0.5",
        "1e400",
        "'Male'",
        "'x'",
        '"1"',
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        ":=",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "=",
        "+",
        "-",
        "*",
        "/",
        "**",
        "//",
        "%",
        "@",
        "~",
        "&",
        "|",
        "^",
        "\\",
        "#",
        "'",
        '"',
    ]
)


@settings(max_examples=400, deadline=None)
@example("age >= 18")
@given(st.one_of(st.text(max_size=200), st.lists(words, max_size=30).map(" ".join)))
def test_any_text_compiles_or_is_refused(text):
    assert _events_of(text) == []
