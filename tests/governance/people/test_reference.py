"""Every key, rule and column is on the reference page, and the how-to page's example is right."""

import inspect
import re
import typing
from pathlib import Path

import pytest
from pydantic import BaseModel

from cohortium.governance.people.check import RULES
from cohortium.governance.people.csv_import import (
    AFFILIATION_COLUMNS,
    AUTHOR_COLUMNS,
    INTEREST_COLUMNS,
    read_people_csv,
)
from cohortium.governance.people.load import read_people
from cohortium.governance.people.model import People
from cohortium.governance.people.reference import people_file_reference

PAGE = people_file_reference()
HOW_TO = (Path(__file__).resolve().parents[3] / "docs" / "how-to" / "authors.md").read_text(encoding="utf-8")


def models(annotation, seen):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        for field in annotation.model_fields.values():
            models(field.annotation, seen)
    for argument in typing.get_args(annotation):
        models(argument, seen)
    return seen


KEYS = sorted({(model.__name__, key) for model in models(People, set()) - {People} for key in model.model_fields})


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```$", HOW_TO, flags=re.DOTALL | re.MULTILINE)[1]


@pytest.mark.parametrize(("model", "key"), KEYS)
def test_every_key_is_described(model, key):
    assert re.search(rf"^\| `{key}` \| [^|]+ \| [^|]+ \| \S[^|]* \|$", PAGE, flags=re.MULTILINE), model


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_is_described(rule):
    assert f"- {' '.join(inspect.getdoc(rule).split())}\n" in PAGE


@pytest.mark.parametrize("column", [*AUTHOR_COLUMNS, *AFFILIATION_COLUMNS, *INTEREST_COLUMNS])
def test_every_column_is_described(column):
    assert f"| `{column}` | " in PAGE


def test_the_example_of_the_how_to_page_has_no_error(tmp_path):
    (tmp_path / "people.toml").write_text(block("toml"), encoding="utf-8")
    reading = read_people(tmp_path)
    assert reading.errors == ()
    assert len(reading.people.author) == 2


def test_the_table_of_the_how_to_page_has_no_error(tmp_path):
    (tmp_path / "authors.csv").write_text(block("text"), encoding="utf-8")
    reading = read_people_csv(tmp_path / "authors.csv")
    assert reading.errors == ()
    assert [author.family for author in reading.people.author] == ["Berg", "Öztürk-Peña"]
