"""A reader of the LaTeX that tables are written in: what a typesetter would stop at, it raises at."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}&%$#_^~]|[^\\{}&%$#_^~]+", re.DOTALL)
KNOWN = {
    "usepackage", "begin", "end", "caption", "toprule", "midrule", "bottomrule", "addlinespace", "cmidrule", "multicolumn",
    "quad", "textbf", "tnote", "item", "footnotesize", "scriptsize", "setlength", "tabcolsep", "raggedright", "centering",
    "arraybackslash", "endfirsthead", "endhead", "endfoot", "par", "noindent", "begingroup", "endgroup", "providecommand",
    "textsuperscript", "textbackslash", "textasciitilde", "textasciicircum", "textless", "textgreater", "textperiodcentered",
    "textdagger", "textdaggerdbl", "S", "P", "ldots", "leq", "geq", "times", "mu", "tau", "chi", "beta",
}  # fmt: skip
_SPAN = re.compile(r"\\multicolumn\{(\d+)\}")


def read(text: str) -> list[list[str]]:
    """Cells of each row between the rules, spans repeated; ValueError for what does not parse."""
    lines = [line for line in text.splitlines() if not line.startswith("%")]
    _check_tokens("\n".join(lines))
    _check_environments("\n".join(lines))
    rows = [line for line in lines if line.endswith(r" \\")]
    if stray := [line for line in rows if line.startswith(("[", "*"))]:
        raise ValueError(f"read as an argument of the line end above: {stray[0]}")
    return [_cells(line.removesuffix(r" \\")) for line in rows]


def columns(text: str) -> int:
    """Columns that the preamble of the table declares."""
    (preamble,) = set(re.findall(r"^\\begin\{(?:tabular|longtable)\}(.*)$", text, re.MULTILINE))
    return preamble.count(r"\arraybackslash}p{")


def _check_tokens(text: str) -> None:
    depth, in_math = 0, False
    for token in _TOKEN.findall(text):
        depth += (token == "{") - (token == "}")
        in_math ^= token == "$"
        if depth < 0:
            raise ValueError("a brace closes what is not open")
        if token in ("_", "^") or token == "%" or (token == "#" and r"\textsuperscript{#1}" not in text):
            raise ValueError(f"a bare {token}")
        if re.fullmatch(r"\\[A-Za-z]+", token) and token[1:] not in KNOWN:
            raise ValueError(f"unknown command {token}")
    if depth or in_math:
        raise ValueError("a brace or a formula is left open")


def _check_environments(text: str) -> None:
    open_: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{([a-z]+)\}", text):
        if kind == "begin":
            open_.append(name)
        elif not open_ or open_.pop() != name:
            raise ValueError(f"{name} ends what it did not begin")
    if open_:
        raise ValueError(f"{open_[-1]} is left open")


def _cells(line: str) -> list[str]:
    cells: list[str] = []
    for cell in re.split(r"(?<!\\) ?& ?", line):
        span = _SPAN.match(cell)
        cells += [cell.strip()] * (int(span[1]) if span else 1)
    return cells
