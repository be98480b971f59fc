"""Nothing public is missing from the documentation."""

import importlib.util
import re
import tomllib
import typing
from itertools import chain
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel

import cohortium
from cohortium.cli.commands import app
from cohortium.errors import FAMILIES
from cohortium.estimators.registry import REGISTRY
from cohortium.results import COLUMNS
from cohortium.study.derive import RULE_SECTIONS
from cohortium.study.model import StudyFile
from cohortium.study.site_mapping import MappingFile
from cohortium.study.tables import TIDY_TABLES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SECTIONS = ("## Use", "## Mathematics", "## Leaves the site", "## Validation")


def _extension(name):
    spec = importlib.util.spec_from_file_location(name, DOCS / "_ext" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PAGES = _extension("reference_pages")
GENERATED = PAGES.pages()
WRITTEN = "\n".join(
    path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *DOCS.rglob("*.md")]
    if "_build" not in path.parts and "generated" not in path.parts
)
COMMANDS = [name for name, _ in PAGES.walk(typer.main.get_command(app), "cohortium")]


def models(annotation, seen):
    """The models that an annotation names, at any depth."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        for field in annotation.model_fields.values():
            models(field.annotation, seen)
    for argument in typing.get_args(annotation):
        models(argument, seen)
    return seen


KEYS = sorted({(model.__name__, key) for model in models(StudyFile, set()) for key in model.model_fields})


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "cohortium"])
def test_every_command_is_in_the_reference_and_in_a_page_that_uses_it(command):
    assert f"## `{command}`" in GENERATED["commands"]
    assert command in WRITTEN


@pytest.mark.parametrize(("model", "key"), KEYS)
def test_every_study_file_key_is_in_the_reference(model, key):
    assert re.search(rf"(`|\[|\.){key}(`|\]|\.| =)", GENERATED["study-file"]), model


@pytest.mark.parametrize(
    ("model", "key"), sorted({(m.__name__, k) for m in models(MappingFile, set()) for k in m.model_fields})
)
def test_every_mapping_key_is_in_the_reference(model, key):
    assert re.search(rf"(`|\[|\.){key}(`|\]|\.| =)", GENERATED["mapping-file"]), model


@pytest.mark.parametrize("table", TIDY_TABLES.values(), ids=lambda table: table.name)
def test_every_column_and_code_of_a_table_is_in_the_reference(table):
    names = [name for column in table.columns for name in (column.name, *(column.codes or ()))]
    assert [name for name in names if f"| `{name}` |" not in GENERATED["tables"]] == []


@pytest.mark.parametrize("rule", sorted(RULE_SECTIONS))
def test_every_rule_has_a_page_that_shows_its_use(rule):
    assert any(f'rule = "{rule}"' in page.read_text(encoding="utf-8") for page in (DOCS / "derivations").glob("*.md"))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.family)
def test_every_error_family_is_in_the_reference(family):
    assert f"| {family.exit_code} | `{family.family}` |" in GENERATED["errors"]


def test_exit_codes_are_fixed():
    assert {family.family: family.exit_code for family in FAMILIES} == {
        "usage": 2,
        "study-file": 3,
        "site-data": 4,
        "refused": 5,
        "estimation": 6,
        "wire": 7,
        "output": 8,
        "audit": 9,
    }


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_the_results_table_is_in_the_reference(column):
    assert re.search(rf"^\| `{column}` \| \S", GENERATED["results-table"], flags=re.MULTILINE)


@pytest.mark.parametrize("name", sorted(cohortium.__all__))
def test_every_public_name_is_in_the_reference(name):
    assert f"## `{name}`" in GENERATED["python"]


@pytest.mark.parametrize("method", sorted(REGISTRY))
def test_every_method_has_a_page_with_its_parts(method):
    page = (DOCS / "methods" / f"{method}.md").read_text(encoding="utf-8")
    assert [part for part in SECTIONS if part not in page] == []
    assert method in (DOCS / "reference" / "results-table.md").read_text(encoding="utf-8")


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    requirements = [*project["project"]["dependencies"], *chain(*project["dependency-groups"].values())]
    page = (DOCS / "decisions" / "dependencies.md").read_text(encoding="utf-8")
    names = {re.match(r"[A-Za-z0-9._-]+", text)[0] for text in requirements}
    assert sorted(name for name in names if name not in page) == []


WORKED = _extension("closed_forms")


@pytest.mark.parametrize("path", WORKED.sources(), ids=lambda path: path.stem)
def test_every_worked_example_is_in_the_validation(path):
    """Each file of worked examples gives at least one sentence with a result to the page that is made from it."""
    assert f"tests/estimators/closed_form/{path.name}::test_" in WORKED.page()


def test_worked_examples_show_their_data():
    assert "| time | 1 | 1 | 6 | 6 | 8 | 9 |" in WORKED.page()
