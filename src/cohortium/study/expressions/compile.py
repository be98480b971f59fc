"""The allow-list: a syntax tree of permitted nodes to a typed, frozen `Compiled`."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from cohortium.errors import Problem
from cohortium.study.expressions.arithmetic import Step, calculated, negated
from cohortium.study.expressions.compare import compared, member
from cohortium.study.expressions.functions import FUNCTIONS
from cohortium.study.expressions.parse import chain_of, parse, refused
from cohortium.study.expressions.terms import IN_WORDS, Build, Term, as_condition, as_number, column, constant
from cohortium.study.suggest import did_you_mean, shown
from cohortium.study.variables import Variable

if TYPE_CHECKING:
    import polars as pl

Kind = Literal["boolean", "number"]

_IF_FOR_ALL = "leave it out if it is meant for every patient"
MONTH_DAYS = 30.4375
_LARGEST = 1e15
_FUNCTION_LIST = ", ".join(function.usage for function in FUNCTIONS.values())


@dataclass(frozen=True, slots=True)
class Compiled:
    """An expression that fits the study's variables.

    expr    makes the polars expression: Boolean for a condition, Float64 for a number, null where unknown
    names   variables that it uses
    kind    `boolean` or `number` (a date is its number of days from the origin)
    """

    expr: Callable[[], pl.Expr]
    names: frozenset[str]
    kind: Kind


def compile_expression(
    text: str,
    variables: Mapping[str, Variable],
    *,
    expected: Kind | None = None,
    month_days: float = MONTH_DAYS,
    where: str = "expression",
) -> Compiled:
    """Compile one expression of the study file; nothing in it is executed.

    text        the expression, at most 2,000 characters
    variables   what it may use, by name
    expected    what it must be; either when None
    month_days  days in a month, for `months(days)`
    where       place of the expression, for messages

    Raises
        ExpressionError: with every problem of the expression.
    """
    compiler = _Compiler(text.strip(), variables, month_days, where)
    term = compiler.term(parse(text, where))
    if not compiler.problems and term is not None:
        result = compiler.result(term, expected)
        if result is not None:
            return result
    raise refused(where, list(dict.fromkeys(compiler.problems)))


class _Compiler:
    """Walks the tree once, collecting problems; a part that has one becomes None."""

    def __init__(self, text: str, variables: Mapping[str, Variable], month_days: float, where: str) -> None:
        self.text = text
        self.source = text.encode(errors="replace")
        self.variables = variables
        self.month_days = month_days
        self.where = where
        self.problems: list[Problem] = []
        self.names: set[str] = set()

    def report(self, what: str, hint: str = "") -> None:
        self.problems.append(Problem(self.where, what, hint))

    def result(self, term: Term, expected: Kind | None) -> Compiled | None:
        if expected != "number" and (condition := as_condition(term)) is not None and term.literal is None:
            return Compiled(condition.build, frozenset(self.names), "boolean")
        if expected != "boolean" and term.kind in ("number", "date"):
            return Compiled(term.build, frozenset(self.names), "number")
        if expected == "number" and (number := as_number(term)) is not None:
            return Compiled(number.build, frozenset(self.names), "number")
        wanted = {"boolean": "a condition such as age >= 18", "number": "a number such as round(weight / 2)"}
        expectation = wanted[expected] if expected else "a condition or a number"
        if term.literal is not None:
            self.report(f"is always {term.written} and uses no variable; expected {expectation}", _IF_FOR_ALL)
        else:
            self.report(f"is {IN_WORDS[term.kind]}; expected {expectation}")
        return None

    def written(self, node: ast.expr) -> str:
        if node.end_lineno == 1:
            segment = self.source[node.col_offset : node.end_col_offset].decode()
        else:
            segment = ast.get_source_segment(self.text, node) or "it"
        source = " ".join(segment.split())
        return source if len(source) <= 40 else f"{source[:40]}..."

    def term(self, node: ast.expr) -> Term | None:
        visit = getattr(self, f"visit_{type(node).__name__}", None)
        if visit is None:
            hint = "write comparisons, and, or, not, in, + - * /, numbers, quoted texts and names of variables"
            self.report(f"{self.written(node)} is not allowed in an expression", hint)
            return None
        return cast("Term | None", visit(node))

    def visit_Name(self, node: ast.Name) -> Term | None:
        variable = self.variables.get(node.id)
        if variable is None:
            self.report(*self._unknown(node.id))
            return None
        self.names.add(node.id)
        if variable.kind == "text":
            self.report(f"{node.id} is free text, which no analysis reads", "use a category, a number or a date")
            return None
        return column(variable)

    def _unknown(self, name: str) -> tuple[str, str]:
        if name in FUNCTIONS:
            return f"{name} is a function", f"write {FUNCTIONS[name].usage}"
        if name.lower() in ("true", "false"):
            return f"{shown(name)} is not a variable", f"write {name.capitalize()}"
        if name.lower() in ("null", "na", "nan", "none", "missing"):
            return f"{shown(name)} is not a variable", "write is_missing(x) or is_known(x)"
        return f"unknown variable {shown(name)}", did_you_mean(name, self.variables)

    def visit_Constant(self, node: ast.Constant) -> Term | None:
        value = node.value
        if isinstance(value, bool | str):
            return constant(value, self.written(node))
        if isinstance(value, int | float):
            if abs(value) <= _LARGEST and math.isfinite(value):
                return constant(float(value), self.written(node))
            self.report(f"the number {self.written(node)} is too large", "")
            return None
        hint = "write is_missing(x) or is_known(x)" if value is None else "expected a number or a quoted text"
        self.report(f"{self.written(node)} is not allowed in an expression", hint)
        return None

    def visit_BoolOp(self, node: ast.BoolOp) -> Term | None:
        terms = [self.condition(value) for value in node.values]
        conditions = [term for term in terms if term is not None]
        if len(conditions) != len(terms):
            return None
        is_and = isinstance(node.op, ast.And)

        def build() -> pl.Expr:
            first, *others = [condition.build() for condition in conditions]
            for other in others:
                first = first & other if is_and else first | other
            return first

        return Term("boolean", build, self.written(node))

    def condition(self, node: ast.expr) -> Term | None:
        term = self.term(node)
        if term is None:
            return None
        condition = as_condition(term)
        if condition is None:
            self.report(f"{term.written} is {IN_WORDS[term.kind]}, not a condition", _as_condition_hint(term))
        return condition

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Term | None:
        if isinstance(node.op, ast.Not):
            condition = self.condition(node.operand)
            return condition and Term("boolean", _not(condition.build), self.written(node))
        if isinstance(node.op, ast.USub):
            term = self.term(node.operand)
            return term and negated(term, self.written(node), self.report)
        self.report(f"{self.written(node)} is not allowed in an expression", "the only signs are `-` and `not`")
        return None

    def visit_BinOp(self, node: ast.BinOp) -> Term | None:
        operations = chain_of(node)
        left = self.term(operations[0].left)
        found = [(operation, self.term(operation.right)) for operation in operations]
        steps = [Step(type(operation.op), right, self.written(operation)) for operation, right in found if right]
        return calculated(left, steps, self.report) if left and len(steps) == len(found) else None

    def visit_Compare(self, node: ast.Compare) -> Term | None:
        conditions: list[Term | None] = []
        left = self.term(node.left)
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                conditions.append(self.membership(left, op, comparator))
                left = None
                continue
            right = self.term(comparator)
            if right is not None and right.kind == "boolean" and comparator is not node.comparators[-1]:
                # It would be mentioned twice, and a chain of chains grow without bounds.
                self.report(f"{self.written(node)} chains conditions", "compare two at a time, joined by `and`")
                right = None
            both = left is not None and right is not None
            conditions.append(compared(left, type(op), right, self.report) if both and left and right else None)
            left = right
        return _all_of([condition for condition in conditions if condition], len(conditions), self.written(node))

    def membership(self, left: Term | None, op: ast.In | ast.NotIn, node: ast.expr) -> Term | None:
        if not isinstance(node, ast.List | ast.Tuple | ast.Set) or not node.elts:
            self.report(f"`in` needs a list of constants, not {self.written(node)}", "write x in ['a', 'b']")
            return None
        found = [self.term(element) for element in node.elts]
        options = [term for term in found if term is not None]
        if left is None or len(options) != len(found):
            return None
        if any(option.literal is None for option in options) or left.literal is not None:
            self.report("`in` needs a variable before it and a list of constants after it", "write x in ['a', 'b']")
            return None
        condition = member(left, options, self.report)
        if condition is None or isinstance(op, ast.In):
            return condition
        return Term("boolean", _not(condition.build), condition.written)

    def visit_Call(self, node: ast.Call) -> Term | None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        function = FUNCTIONS.get(name)
        if function is None:
            called = self.written(node.func)
            hint = did_you_mean(name, FUNCTIONS) or f"allowed are {_FUNCTION_LIST}"
            self.report(f"{shown(called)} is not an allowed function", hint)
            return None
        if node.keywords or not function.least <= len(node.args) <= function.most:
            self.report(f"{name} is not called as it must be", f"write {function.usage}")
            return None
        found = [self.term(argument) for argument in node.args]
        arguments = [term for term in found if term is not None]
        if len(arguments) != len(found):
            return None
        if all(argument.literal is not None for argument in arguments):
            self.report(f"{self.written(node)} uses no variable", f"write {function.usage}")
            return None
        return function.apply(arguments, self.written(node), self.month_days, self.report)


def _as_condition_hint(term: Term) -> str:
    return f"compare it, e.g. {term.written} == ..." if term.literal is None else ""


def _not(build: Build) -> Build:
    return lambda: ~build()


def _all_of(conditions: list[Term], wanted: int, written: str) -> Term | None:
    if len(conditions) != wanted:
        return None

    def build() -> pl.Expr:
        first, *others = [condition.build() for condition in conditions]
        for other in others:
            first &= other
        return first

    return Term("boolean", build, written)
