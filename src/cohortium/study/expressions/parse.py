"""Text to a syntax tree, within limits of length and depth."""

from __future__ import annotations

import ast
import warnings

from cohortium.errors import Problem, StudyFileError

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
    try:
        # Python warns of odd but legal spelling, such as `1or 2`; the allow-list judges it anyway.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise refused(where, [Problem(where, "is not an expression", _explained(text, error))]) from None
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


def _is_deeper(tree: ast.expr, limit: int) -> bool:
    layer: list[ast.AST] = [tree]
    for _ in range(limit):
        layer = [
            child
            for node in layer
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.operator | ast.unaryop | ast.boolop | ast.cmpop | ast.expr_context)
        ]
        if not layer:
            return False
    return True


_WORDS = {"&&": "and", "||": "or", "<>": "!="}


def _explained(text: str, error: BaseException) -> str:
    for wrong, right in _WORDS.items():
        if wrong in text:
            return f"write `{right}` instead of `{wrong}`"
    if isinstance(error, SyntaxError):
        if "cannot assign" in str(error.msg) or "Maybe you meant '=='" in str(error.msg) or _has_single_equals(text):
            return "write `==` to compare"
        if "unterminated string" in str(error.msg):
            return "a quotation mark is not closed"
        if "was never closed" in str(error.msg) or "unexpected EOF" in str(error.msg):
            return "a bracket is not closed"
    return "expected for example: age >= 18 and sex == 'Female'"


def _has_single_equals(text: str) -> bool:
    bare = text
    for operator in ("==", "!=", "<=", ">="):
        bare = bare.replace(operator, "")
    return "=" in bare
