"""The parts of the reference that are generated from the program, so that they cannot differ from it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

import cohortium
from cohortium import api
from cohortium.cli.commands import app as cli_app
from cohortium.errors import FAMILIES
from cohortium.governance.people.reference import people_file_reference
from cohortium.results import COLUMNS, Statistic
from cohortium.study.quantities import QUANTITIES
from cohortium.study.schema import sections, study_file_reference
from cohortium.study.site_mapping import MappingFile
from cohortium.study.tables import TIDY_TABLES, Column, TidyTable

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LONGEST_LINE = 80


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the pages before Sphinx reads its sources."""
    app.connect("builder-inited", lambda app: write(Path(app.srcdir) / "reference" / "generated"))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write(directory: Path) -> None:
    """Write every generated part into a directory."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (directory / f"{name}.md").write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The generated parts by name, as Markdown."""
    return {
        "study-file": study_file_reference(),
        "tables": tables(),
        "mapping-file": mapping_file(),
        "people-file": people_file_reference(),
        "commands": commands(),
        "errors": errors(),
        "results-table": results_table(),
        "python": python_api(),
    }


def tables() -> str:
    """Every tidy table with its columns and codes, then the quantities with their units."""
    return "\n".join([*(line for table in TIDY_TABLES.values() for line in _table(table)), *_quantities()])


def _table(table: TidyTable) -> Iterator[str]:
    yield from (
        f"## `{table.name}`",
        "",
        f"A row is {table.row}.",
        "",
        "| column | kind | required | meaning |",
        "|---|---|---|---|",
    )
    for column in table.columns:
        yield f"| `{column.name}` | {_kind(column)} | {'yes' if column.required else ''} | {_cell(column.meaning)} |"
    for column in table.columns:
        if column.codes and column.name != "quantity":
            yield from ("", f"Codes of `{column.name}`:", "", "| code | meaning |", "|---|---|")
            yield from (f"| `{code}` | {_cell(meaning)} |" for code, meaning in column.codes.items())
    yield ""


def _kind(column: Column) -> str:
    if column.minimum is None or column.maximum is None:
        return column.kind
    return f"{column.kind}, {column.minimum:g} to {column.maximum:g}"


def _quantities() -> Iterator[str]:
    yield from (
        "## Quantities",
        "",
        "Units are compared without case and spaces; `10^9/L` may be written `10*9/L` or `x10E9/L`.",
        "",
    )
    yield from ("| code | quantity | kept in | also accepted |", "|---|---|---|---|")
    for code, quantity in QUANTITIES.items():
        others = ", ".join(unit for unit in quantity.factors if unit != quantity.unit)
        yield f"| `{code}` | {_cell(quantity.label)} | {quantity.unit} | {others} |"
    yield ""


def mapping_file() -> str:
    """Every section of a site's mapping with its keys, one level further down the page."""
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in sections(MappingFile, ())) + "\n"


def commands() -> str:
    """Every command with its arguments and options."""
    return "\n".join(_command(name, command) for name, command in walk(typer.main.get_command(cli_app), "cohortium"))


def walk(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """A command's own name and those of its subcommands, depth first."""
    yield name, command
    for sub in getattr(command, "commands", {}).values():
        yield from walk(sub, f"{name} {sub.name}")


def _command(name: str, command: Any) -> str:
    lines = [f"## `{name}`", "", *_help(command.help or "")]
    rows = [_parameter(parameter) for parameter in command.params if not getattr(parameter, "hidden", False)]
    if rows:
        lines += ["| | |", "|---|---|", *rows, ""]
    return "\n".join(lines)


def _help(text: str) -> Iterator[str]:
    """The help of a command; lines that show its use become examples."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        if paragraph.startswith("cohortium "):
            yield from ("```console", f"$ {paragraph}", "```", "")
        elif paragraph.strip():
            yield from (" ".join(paragraph.split()), "")


def _parameter(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    names = ", ".join(f"`{opt}`" for opt in [*parameter.opts, *parameter.secondary_opts])
    text = " ".join((getattr(parameter, "help", "") or "").split())
    default = parameter.default
    if is_option and isinstance(default, (int, float, str)) and not isinstance(default, bool) and default != "":
        text = f"{text} Default: `{default}`."
    return f"| {names if is_option else f'`{parameter.name.upper()}`'} | {_cell(text)} |"


def errors() -> str:
    """The families of errors with their exit codes."""
    rows = [f"| {f.exit_code} | `{f.family}` | `{f.__name__}` | {_cell(_first_line(f))} |" for f in FAMILIES]
    return "\n".join(["| exit code | family | exception | meaning |", "|---|---|---|---|", *rows, ""])


def results_table() -> str:
    """The columns of the results table, read from the docstring of `Statistic`."""
    meanings = _column_meanings(inspect.getdoc(Statistic) or "")
    rows = [f"| `{column}` | {_cell(meanings[column])} |" for column in COLUMNS]
    return "\n".join(["| column | meaning |", "|---|---|", *rows, ""])


def _column_meanings(docstring: str) -> dict[str, str]:
    meanings: dict[str, str] = {}
    columns: list[str] = []
    for line in docstring.splitlines():
        if match := re.match(r"([a-z]+(?:, [a-z]+)*)\s{2,}(\S.*)|(lower, upper) (\S.*)", line):
            columns = (match[1] or match[3]).split(", ")
            meanings |= dict.fromkeys(columns, match[2] or match[4])
        elif line.startswith(" "):
            meanings |= {column: f"{meanings[column]} {line.strip()}" for column in columns}
    return meanings


def python_api() -> str:
    """Every public name with its signature and docstring: the functions, then what they return."""
    functions = {name: getattr(cohortium, name) for name in cohortium.__all__}
    classes = {name: getattr(api, name) for name in api.__all__ if name not in functions}
    return "\n".join(_public(name, thing) for name, thing in [*functions.items(), *classes.items()])


def _public(name: str, thing: Any) -> str:
    if isinstance(thing, str):
        return f"## `{name}`\n\nThe version as text.\n"
    lines = [f"## `{name}`", ""]
    if inspect.isfunction(thing):
        lines += ["```python", _signature(name, thing), "```", ""]
    lines += _docstring(thing)
    if inspect.isclass(thing):
        lines += _members(thing)
    return "\n".join(lines)


def _signature(name: str, function: Any) -> str:
    text = re.sub(r"(: |-> )'([^']*)'", r"\1\2", f"{name}{inspect.signature(function)}")
    if len(text) <= LONGEST_LINE:
        return text
    return re.sub(r", (?=\*|\w+:)", ",\n    ", text).replace("(", "(\n    ", 1).replace(") ->", ",\n) ->")


def _docstring(thing: Any) -> list[str]:
    paragraphs = (inspect.getdoc(thing) or "").split("\n\n")
    return [line for paragraph in paragraphs for line in [*_paragraph(paragraph), ""]]


def _paragraph(text: str) -> list[str]:
    """A paragraph of a docstring as Markdown: a formula, an example, a list of arguments or prose."""
    if text.startswith(".. math::"):
        return ["$$", inspect.cleandoc(text.removeprefix(".. math::")), "$$"]
    if text.startswith(">>>"):
        return ["```pycon", text, "```"]
    is_layout = text.startswith("Raises") or re.match(r"\w+(, \w+)*  +\S", text)
    return ["```text", text, "```"] if is_layout else [" ".join(text.split())]


def _members(cls: type) -> list[str]:
    names = [f.name for f in fields(cls) if not f.name.startswith("_")] if is_dataclass(cls) else []
    lines = ["Fields: " + ", ".join(f"`{n}`" for n in names) + ".", ""] if names else []
    for name, member in vars(cls).items():
        if name.startswith("_") or not (inspect.isfunction(member) or isinstance(member, property)):
            continue
        call = "" if isinstance(member, property) else "()"
        lines += [f"- `.{name}{call}`: {_first_line(member)}"]
    return [*lines, ""]


def _first_line(thing: Any) -> str:
    return " ".join((inspect.getdoc(thing) or "").partition("\n\n")[0].split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
