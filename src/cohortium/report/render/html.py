"""Jinja templates in a sandbox, everything escaped: tables and pages as HTML, and the one script of the report."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib import resources

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from cohortium.report.table import Table
from cohortium.report.typeset import typeset

_UNBROKEN = 24
# `2024-06-08`, `SIM-0014`: what a browser would break at a hyphen.
_CODE = re.compile(r"(?=[^ ]*\d)[\w.]{1,6}(?:-[\w.]{1,6}){1,3}[;,]?", re.ASCII)
_SCRIPTS = ("theme.js", "contents.js", "copy.js", "sort.js", "origin.js", "readout.js", "figure-data.js", "edges.js")
_TEMPLATES = ("table.html.j2", "single.html.j2", "report.html.j2", "manuscript.html.j2")


@cache
def _environment() -> SandboxedEnvironment:
    folder = resources.files("cohortium.report") / "templates"
    sources = {name: (folder / name).read_text(encoding="utf-8") for name in _TEMPLATES}
    environment = SandboxedEnvironment(
        loader=DictLoader(sources), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["breakable"] = _breakable
    environment.filters["typeset"] = typeset
    environment.filters["data"] = _data
    return environment


def _breakable(text: str) -> Markup:
    """Escaped text; a word that no column has room for may break, words of a usual length, dates and codes may not."""
    return Markup(" ").join(map(_word, typeset(text).split(" ")))


def _word(word: str) -> Markup:
    if _CODE.fullmatch(word):
        return Markup('<span class="whole">{}</span>').format(word)
    return Markup("<wbr>").join(escape(word[i : i + _UNBROKEN]) for i in range(0, len(word), _UNBROKEN))


@cache
def style_sheet(name: str = "report.css") -> str:
    """A style sheet that pages carry inside themselves; `page.css` is for the report only."""
    return (resources.files("cohortium.report") / "templates" / name).read_text(encoding="utf-8")


@cache
def script() -> str:
    """The script that the report carries inside itself: every part is a function of its own, none needs another."""
    folder = resources.files("cohortium.report") / "templates" / "script"
    return "\n".join((folder / name).read_text(encoding="utf-8").rstrip() for name in _SCRIPTS)


@cache
def script_hash() -> str:
    """What the content-security policy of the report names as the one script that may run: `sha256-...`."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script().encode()).digest()).decode("ascii")


def _data(value: object) -> Markup:
    """A value as JSON that no tag or comment can end."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    escaped = ((sign, f"\\u{ord(sign):04x}") for sign in "<>&\u2028\u2029")
    for sign, code in escaped:
        text = text.replace(sign, code)
    return Markup(text)  # noqa: S704 - escaped above


def render(template: str, **values: object) -> str:
    """A page from one of the package's templates; values are escaped where they are printed."""
    return _environment().get_template(template).render(style=style_sheet(), **values)


def render_report(**values: object) -> str:
    """The report, with its style sheet and its script."""
    return render(
        "report.html.j2", page_style=style_sheet("page.css"), script=script(), script_hash=script_hash(), **values
    )


def render_table(table: Table) -> str:
    """A page with one table, to open in a browser or a word processor."""
    return render("single.html.j2", table=table)
