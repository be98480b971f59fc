"""Text to a syntax tree, within limits of length and depth."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from cohortium.errors import Problem, StudyFileError
from cohortium.study.expressions.hints import explained, written_date

MAX_LENGTH = 2000
MAX_DEPTH = 40

_OPENING = "([{"
_CLOSING = ")]}"


class ExpressionError(StudyFileError):
    """An expression is not in the allowed language, or does not fit the study's variables."""


def refused(where: str, problems: list[Problem]) -> ExpressionError:
    """The error that holds all problems of one expression."""
    return ExpressionError(f"{where} is not valid", problems)


def parse(text: str, where: str) -> ast.expr:
    """The syntax tree of one expression, not deeper than `MAX_DEPTH`.

    Raises
        ExpressionError: the text is empty, too long, too deep or not an expression.
    """
    problem = _before_parsing(text)
    if problem:
        raise refused(where, [Problem(where, problem)])
    if date := written_date(text):
        what = f"holds the date {date}; dates are whole days from the origin"
        raise refused(where, [Problem(where, what, "compare with another date, or with a number of days")])
    try:
        # Python warns of odd but legal spelling, such as `1or 2`; the allow-list judges it anyway.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise refused(where, [Problem(where, "is not an expression", explained(text, error))]) from None
    if _is_deeper(tree, MAX_DEPTH):
        raise refused(where, [Problem(where, _TOO_DEEP)])
    return tree


_TOO_DEEP = f"is nested more than {MAX_DEPTH} levels deep; split it into derived variables"


def _before_parsing(text: str) -> str:
    if not text.strip():
        return "is empty; expected a condition such as age >= 18"
    if len(text) > MAX_LENGTH:
        return f"has {len(text)} characters; at most {MAX_LENGTH} are allowed; split it into derived variables"
    depth = deepest = 0
    for character in text:
        depth += (character in _OPENING) - (character in _CLOSING)
        deepest = max(deepest, depth)
    return _TOO_DEEP if deepest > MAX_DEPTH else ""


def chain_of(node: ast.BinOp) -> list[ast.BinOp]:
    """The operations of `a + b - c` from left to right; one that is no part of such a chain stands alone."""
    operations = [node]
    while isinstance(node.op, _CHAINED) and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, _CHAINED):
        node = node.left
        operations.append(node)
    return operations[::-1]


_CHAINED = (ast.Add, ast.Sub, ast.Mult, ast.Div)


def _is_deeper(tree: ast.expr, limit: int) -> bool:
    """Whether operations are nested deeper; a sum is one operation, however many terms it has."""
    layer: list[ast.AST] = [tree]
    for _ in range(limit):
        layer = [child for node in layer for child in _operands(node)]
        if not layer:
            return False
    return any(True for node in layer for _ in _operands(node))


def _operands(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.BinOp):
        operations = chain_of(node)
        yield operations[0].left
        yield from (operation.right for operation in operations)
        return
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.operator | ast.unaryop | ast.boolop | ast.cmpop | ast.expr_context):
            yield child
