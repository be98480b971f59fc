"""Every rule of the registry keeps one contract, as every estimator keeps the laws; there is no list of exceptions."""

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cohortium.derivations.apply_rule import NOTHING_MADE, apply_rule
from cohortium.derivations.registry import REGISTRY
from cohortium.study.derive import RULE_SECTIONS
from cohortium.study.load import load_study
from cohortium.study.queries import LINE
from cohortium.study.table_rows import CUTOFF, TableRows, table_schema
from cohortium.study.tables import TIDY_TABLES
from derivations.rules.sections import ABOVE, DICTIONARY, PATIENTS, SECTIONS

HEAD = """\
[study]
name = "contract"
title = "Contract"
[time]
origin = "start"
horizon_days = 1000
[data]
key = "id"
[[site]]
id = "site-01"
name = "Institution"
"""
KEYS = ["P1", "P2", "P3", "P4", "P5"]
N_PATIENTS = len(KEYS)


def section(rule):
    return f'\n[[derive]]\nname = "x_{rule.replace("-", "_")}"\nlabel = "Label"\nrule = "{rule}"\n{SECTIONS[rule]}\n'


@pytest.fixture(scope="module", params=sorted(REGISTRY))
def study(request, tmp_path_factory):
    """A study with the rule, after the rules whose records it reads."""
    directory = tmp_path_factory.mktemp(request.param)
    declared = "".join(f'\n[[data.table]]\nname = "{name}"\n' for name in TIDY_TABLES)
    sections = "".join(section(rule) for rule in (*ABOVE.get(request.param, ()), request.param))
    (directory / "dictionary.csv").write_text(DICTIONARY, encoding="utf-8")
    (directory / "study.toml").write_text(HEAD + declared + sections, encoding="utf-8")
    return load_study(directory)


@pytest.fixture(scope="module")
def patients(study):
    types = {"date": pl.Int64, "integer": pl.Int64, "number": pl.Float64, "category": pl.String, "text": pl.String}
    schema = {v.name: types[v.kind] for v in study.dictionary} | {CUTOFF: pl.Int64}
    return pl.DataFrame(PATIENTS | {"id": KEYS, "start": [0] * N_PATIENTS, CUTOFF: [600] * N_PATIENTS}, schema=schema)


@pytest.fixture(scope="module")
def tables():
    """Rows of every table for the first three patients: each code of each column in turn, days in steps of four weeks."""
    return TableRows({name: _rows(table) for name, table in TIDY_TABLES.items()})


def _rows(table):
    codes = [list(column.codes) for column in table.columns if column.codes]
    n_rows = max(map(len, codes))
    values = {"patient": [KEYS[i % 3] for i in range(n_rows)], LINE: list(range(2, n_rows + 2))}
    for column in table.columns:
        values[column.name] = [_value(column, i) for i in range(n_rows)]
    return pl.DataFrame(values, schema=table_schema(table.name))


def _value(column, i):
    low = 1.0 if column.minimum is None else column.minimum
    high = 9.0 if column.maximum is None else column.maximum
    options = {
        "text": ["crs", "teclistamab", "a"],
        "code": list(column.codes or ()),
        "integer": [int(low), int(high)],
        "number": [low, high, None],
        "date": [28 * (i // 3), 28 * (i // 3) + 7],
        "flag": [False, None],
    }[column.kind]
    return options[i % len(options)]


def derived(study, patients, tables):
    """Everything that is derived, and what the last rule made."""
    made = NOTHING_MADE
    for each in study.file.derive:
        patients, last = apply_rule(study, each, patients, tables, made)
        made = made.with_rule(each.name, last)
    return patients, last


def only(tables, keys):
    return TableRows({name: frame.filter(pl.col("patient").is_in(keys)) for name, frame in tables.frames.items()})


def test_every_model_has_a_function_and_every_function_a_model():
    assert set(REGISTRY) == set(RULE_SECTIONS)


def test_every_rule_is_under_this_contract():
    assert set(SECTIONS) == set(REGISTRY)


def test_empty_tables_give_a_row_a_patient(study, patients):
    frame, _ = derived(study, patients, TableRows())
    assert frame["id"].to_list() == KEYS


def test_no_patient_at_all_gives_no_row(study, patients, tables):
    frame, last = derived(study, patients.clear(), tables)
    assert frame.height == 0
    assert last.columns.height == 0


def test_only_what_is_declared_comes_out(study, patients, tables):
    """`apply_rule` refuses undeclared columns, types and levels; this proves that it looked at some that are known."""
    frame, _ = derived(study, patients, tables)
    made = [variable.name for each in study.file.derive for variable in each.variables()]
    assert set(frame.columns) - set(patients.columns) == set(made)


def test_the_order_of_rows_does_not_matter(study, patients, tables):
    forward, _ = derived(study, patients, tables)
    turned = TableRows({name: frame.reverse() for name, frame in tables.frames.items()})
    backward, _ = derived(study, patients.reverse(), turned)
    assert_frame_equal(forward, backward.sort("id"))


def test_patients_of_two_sites_have_the_same_rows_as_of_one(study, patients, tables):
    whole, last = derived(study, patients, tables)
    parts = [
        derived(study, patients.filter(pl.col("id").is_in(keys)), only(tables, keys)) for keys in (KEYS[:2], KEYS[2:])
    ]
    assert_frame_equal(whole, pl.concat(frame for frame, _ in parts))
    if last.records is not None:
        records = pl.concat(part.records for _, part in parts)
        assert_frame_equal(last.records, records, check_row_order=False)


def test_a_patient_is_not_changed_by_another(study, patients, tables):
    whole, _ = derived(study, patients, tables)
    alone, _ = derived(study, patients.filter(pl.col("id") == KEYS[0]), only(tables, KEYS[:1]))
    assert_frame_equal(whole.filter(pl.col("id") == KEYS[0]), alone)
