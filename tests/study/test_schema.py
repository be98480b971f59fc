"""The JSON Schema and the reference page say what the models say."""

import datetime as dt
import tomllib

import jsonschema
import pytest

from cohortium.study.expressions.functions import FUNCTIONS
from cohortium.study.keys import models_in
from cohortium.study.model import StudyFile
from cohortium.study.schema import json_schema, study_file_reference


def as_json(value):
    """What an editor sees: lists, tables, and dates as text."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_json(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value


@pytest.fixture
def raw(study_dir):
    return as_json(tomllib.loads((study_dir / "study.toml").read_text()))


@pytest.fixture(scope="module")
def validator():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_good_study_passes(validator, raw):
    raw["study"]["data_cutoff"] = "2024-04-30"
    assert list(validator.iter_errors(raw)) == []


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("study", "titel", "x"),
        ("study", "name", "a name"),
        ("time", "horizon_days", "1000"),
        ("time", "horizon_days", 0),
        ("data", "delimiter", "|"),
        ("cohort", "steps", []),
    ],
)
def test_a_fault_fails(validator, raw, section, key, value):
    raw[section][key] = value
    assert not validator.is_valid(raw)


def test_an_unknown_method_fails(validator, raw):
    raw["analysis"][0]["method"] = "kaplan"
    assert not validator.is_valid(raw)


def test_the_schema_offers_no_null_and_describes_every_key():
    schema = json_schema()
    assert "null" not in str(schema)
    for definition in schema["$defs"].values():
        for key, described in definition["properties"].items():
            assert described.get("description"), key


def models(model=StudyFile):
    yield model
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            yield from models(inner)


def test_every_key_stands_on_the_reference_page():
    page = study_file_reference()
    for model in models():
        if model is not StudyFile:
            for key, field in model.model_fields.items():
                assert f"| `{key}` |" in page
                assert field.description in page
    for function in FUNCTIONS.values():
        assert function.usage in page


def test_a_row_of_the_reference_page_reads_well():
    page = study_file_reference()
    assert "### `[[cohort.step]]`\n\nOne inclusion step; patients who do not meet it leave the flow here.\n" in page
    assert "| `confidence` | number | `0.95` | Confidence level. |" in page
    assert (
        "| `interval` | `log-log` or `log` or `plain` or `arcsine` | `log-log` | Transformation of the interval. |"
        in page
    )
    assert "| `horizon_days` | whole number | required |" in page
