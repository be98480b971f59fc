"""Expressions of the study file: `n_doses >= 1 and age >= 18`.

An expression is parsed to Python's syntax tree and compiled by our own allow-list to a polars expression.
Nothing in it is ever executed: a node type, a function or a name that is not listed is a problem.
"""

from __future__ import annotations

from cohortium.study.expressions.compile import Compiled, compile_expression
from cohortium.study.expressions.parse import MAX_DEPTH, MAX_LENGTH, ExpressionError

__all__ = ["MAX_DEPTH", "MAX_LENGTH", "Compiled", "ExpressionError", "compile_expression"]
