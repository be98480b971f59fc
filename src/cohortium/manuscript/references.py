"""References in a text, `{{ median("pfs", group="true EMD") }}`: found and read, never run.

A reference is one call of a known word with texts and numbers. Its syntax tree is read by an allow-list; nothing in it is
evaluated.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cohortium.errors import Problem

Value = str | int | float
MOST_CHARACTERS = 500

_MARK = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_OPEN = re.compile(r"\{\{|\}\}")
_OTHER = re.compile(r"\{%|\{[ \t]+\{")
_NOT_READ = "is not a reference; expected one word, then names and keys in round brackets"


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference.

    word         what is asked for, e.g. `median`
    names        values without a key, in order: the analysis or the endpoint first
    criteria     values with a key
    start, end   its characters in the text, braces included
    line         its line, from 1
    source       the text between the braces
    """

    word: str
    names: tuple[Value, ...]
    criteria: Mapping[str, Value] = field(hash=False)
    start: int
    end: int
    line: int
    source: str


def references(text: str, file: str) -> tuple[list[Reference], list[Problem]]:
    """Every reference of a text in order, and what cannot be read as one.

    text   the manuscript
    file   its name, for messages
    """
    found: list[Reference] = []
    problems: list[Problem] = []
    for match in _MARK.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        read = _read(match, line)
        if isinstance(read, str):
            hint = 'write it like {{ median("pfs", group="Women") }}'
            problems.append(Problem(f"{file}:{line}", f"{{{{{match[1]}}}}}: {read}", hint))
        else:
            found.append(read)
    problems += _unpaired(_MARK.sub(lambda match: " " * len(match[0]), text), text, file)
    return found, problems


def _unpaired(rest: str, text: str, file: str) -> Iterator[Problem]:
    for match in _OPEN.finditer(rest):
        line = text.count("\n", 0, match.start()) + 1
        yield Problem(f"{file}:{line}", f"{match[0]} stands alone; expected {{{{ and }}}} around a reference")
    for match in _OTHER.finditer(rest):
        line = text.count("\n", 0, match.start()) + 1
        hint = "loops, conditions and other statements are not part of it"
        yield Problem(f"{file}:{line}", f"{match[0]} begins nothing; expected {{{{ and }}}} around a reference", hint)


def _read(match: re.Match[str], line: int) -> Reference | str:
    """The reference, or why it is none."""
    source = match[1].strip()
    if len(source) > MOST_CHARACTERS:
        return f"has more than {MOST_CHARACTERS} characters"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(" ".join(source.split("\n")), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _NOT_READ
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name):
        return _NOT_READ
    if doubled := _doubled(tree):
        return f"has the key {doubled} twice"
    names = [_value(argument) for argument in tree.args]
    criteria = {str(keyword.arg): _value(keyword.value) for keyword in tree.keywords}
    if None in names or None in criteria.values() or "None" in criteria:
        return "may hold texts in quotation marks and numbers only"
    return Reference(
        tree.func.id,
        tuple(name for name in names if name is not None),
        {key: value for key, value in criteria.items() if value is not None},
        match.start(),
        match.end(),
        line,
        source,
    )


def _doubled(call: ast.Call) -> str:
    keys = [str(keyword.arg) for keyword in call.keywords]
    return next((key for key in keys if keys.count(key) > 1), "")


def _value(node: ast.expr) -> Value | None:
    sign = 1
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        sign, node = -1, node.operand
    if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
        return None
    if isinstance(node.value, str):
        return node.value if sign == 1 else None
    return sign * node.value if isinstance(node.value, (int, float)) else None
