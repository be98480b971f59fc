"""Jinja templates in a sandbox, everything escaped, no script: tables and pages as HTML."""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from cohortium.report.table import Table

_UNBROKEN = 24
_TEMPLATES = ("table.html.j2", "single.html.j2", "report.html.j2", "manuscript.html.j2")


@cache
def _environment() -> SandboxedEnvironment:
    folder = resources.files("cohortium.report") / "templates"
    sources = {name: (folder / name).read_text(encoding="utf-8") for name in _TEMPLATES}
    environment = SandboxedEnvironment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["breakable"] = _breakable
    return environment


def _breakable(text: str) -> Markup:
    """Escaped text; a word that no column has room for may break, words of a usual length may not."""
    return Markup(" ").join(
        Markup("<wbr>").join(escape(word[i : i + _UNBROKEN]) for i in range(0, len(word), _UNBROKEN))
        for word in text.split(" ")
    )


@cache
def style_sheet() -> str:
    """The style sheet that every page carries inside itself."""
    return (resources.files("cohortium.report") / "templates" / "report.css").read_text(encoding="utf-8")


def render(template: str, **values: object) -> str:
    """A page from one of the package's templates; values are escaped where they are printed."""
    return _environment().get_template(template).render(style=style_sheet(), **values)


def render_table(table: Table) -> str:
    """A page with one table, to open in a browser or a word processor."""
    return render("single.html.j2", table=table)
