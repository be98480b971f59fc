"""The published criteria tables, read as what they say: an R expression a row, as a polars expression.

A reader of that small language only: case_when, signif, is.na, %in%, comparisons, logic, sums and products.
"""

from __future__ import annotations

import csv
import operator
import re
from pathlib import Path

import polars as pl

TOKEN = re.compile(r'\s*(?:(\d+\.?\d*)|"([^"]*)"|([A-Za-z_][\w.]*)|(%in%|<=|>=|[<>~&|!*+(),-]))')
DIGITS = 12
"""More than the values of the grid have, fewer than a converted unit is off by."""
OPERATORS = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "*": operator.mul, "+": operator.add,
    "-": operator.sub,
}  # fmt: skip
LEVELS = [("|",), ("&",), ("!",), ("<", "<=", ">", ">=", "%in%"), ("+", "-"), ("*",)]
NAMES = {"TRUE": pl.lit(True), "NA_character_": pl.lit(None, pl.String)}
INDICATORS = {"high_indicator": "HIGH", "low_indicator": "LOW"}


def rows(folder: Path, version: str) -> list[dict[str, str]]:
    path = folder / "cdisc" / f"admiral_atoxgr_criteria_ctcv{version[0]}.csv"
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Reader:
    """One expression."""

    def __init__(self, text: str) -> None:
        self.tokens = [next((part, kind) for kind, part in enumerate(found.groups()) if part is not None)
                       for found in TOKEN.finditer(text)]  # fmt: skip
        self.at = 0

    def peek(self):
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, expected=None):
        token, kind = self.tokens[self.at]
        assert expected in (None, token), (expected, token)
        self.at += 1
        return token, kind

    def case_when(self) -> pl.Expr:
        """The first case that is true; one that is not known is not."""
        self.take("case_when")
        self.take("(")
        cases = []
        while True:
            condition = self.level(0)
            self.take("~")
            cases.append((condition, self.atom()))
            if self.take()[0] == ")":
                break
        assert self.at == len(self.tokens)
        found = pl.lit(None, pl.String)
        for condition, value in reversed(cases):
            found = pl.when(condition.fill_null(value=False)).then(value).otherwise(found)
        return found

    def level(self, depth: int) -> pl.Expr:
        if depth == len(LEVELS):
            return self.atom()
        if LEVELS[depth] == ("!",):
            if self.peek() == "!":
                self.take()
                return ~self.level(depth)
            return self.level(depth + 1)
        left = self.level(depth + 1)
        while self.peek() in LEVELS[depth]:
            sign, _ = self.take()
            if sign == "%in%":
                left = left.eq_missing(pl.lit(INDICATORS[self.take()[0]]))
                continue
            right = self.level(depth + 1)
            left = left | right if sign == "|" else left & right if sign == "&" else OPERATORS[sign](left, right)
        return left

    def atom(self) -> pl.Expr:
        token, kind = self.take()
        if kind == 0:
            return pl.lit(float(token))
        if kind == 1:
            return pl.lit(token)
        if token == "-":
            return -self.atom()
        if token == "(":
            inner = self.level(0)
            self.take(")")
            return inner
        if token in NAMES:
            return NAMES[token]
        if token in ("is.na", "signif"):
            return self.call(token)
        return pl.col(token)

    def call(self, name: str) -> pl.Expr:
        self.take("(")
        inner = self.level(0)
        if name == "signif":
            self.take(",")
            self.take("signif_dig")
        self.take(")")
        return inner.is_null() if name == "is.na" else inner.round_sig_figs(DIGITS)


def expression(text: str) -> pl.Expr:
    """The grade that an R expression gives."""
    return Reader(text).case_when()


def numbers(text: str) -> list[float]:
    """Numbers of a text."""
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*\.?\d*", text)]
