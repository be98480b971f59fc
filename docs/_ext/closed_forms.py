"""The worked examples of the validation pages, read from the tests that check them.

A test says in its docstring what must come out; the data stand above it as a constant. Both are read from the source,
which is not run here: `make test` runs it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TESTS = Path(__file__).resolve().parents[2] / "tests" / "estimators"
_SAYS_A_RESULT = re.compile(r"[=<0-9]| is | are | equals? ")


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the page before Sphinx reads its sources."""
    app.connect("builder-inited", lambda app: write(Path(app.srcdir) / "validation" / "generated"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write(directory: Path) -> None:
    """Write the worked examples into a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "closed-forms.md").write_text(page(), encoding="utf-8")


def page() -> str:
    """Every worked example: data and what must come out, with the test that checks it."""
    return "\n".join(line for path in sources() for line in _section(path))


def sources() -> list[Path]:
    """The test files that hold worked examples."""
    return sorted(TESTS.rglob("closed_form/test_*.py"))


def _section(path: Path) -> Iterator[str]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    title, _, rest = (ast.get_docstring(module) or "").partition("\n")
    yield from (f"## {title.rstrip('.')}", "", *([rest.strip(), ""] if rest.strip() else []))
    where = path.relative_to(TESTS.parents[1])
    for node in module.body:
        if isinstance(node, ast.Assign) and (table := _table(node.value)):
            names = ", ".join(target.id for target in node.targets if isinstance(target, ast.Name))
            yield from (f"`{names}`", "", *_rows(table), "")
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            says = ast.get_docstring(node) or ""
            if _SAYS_A_RESULT.search(says):
                yield from (
                    f"- **{_in_words(node.name)}.** {' '.join(says.split())}",
                    f"  (`{where}::{node.name}`)",
                    "",
                )


def _table(value: ast.expr) -> Mapping[str, Sequence[Any]]:
    """The columns of a literal table: a call with a dictionary of lists, or with lists by name."""
    if not isinstance(value, ast.Call):
        return {}
    given = value.args[0] if value.args and isinstance(value.args[0], ast.Dict) else None
    named: dict[str, ast.expr] = {keyword.arg: keyword.value for keyword in value.keywords if keyword.arg}
    if given is not None:
        named = {
            key.value: cell
            for key, cell in zip(given.keys, given.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(key.value, str)
        }
    if not named or not all(isinstance(cell, ast.List) for cell in named.values()):
        return {}
    try:
        return {name: ast.literal_eval(cell) for name, cell in named.items()}
    except ValueError:
        return {}


def _rows(table: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    n = max(len(column) for column in table.values())
    yield f"| row | {' | '.join(str(i + 1) for i in range(n))} |"
    yield f"|---|{'---|' * n}"
    for name, column in table.items():
        yield f"| {name} | {' | '.join('' if cell is None else str(cell) for cell in column)} |"


def _in_words(name: str) -> str:
    words = name.removeprefix("test_").replace("_", " ")
    return words[:1].upper() + words[1:]
