"""What every rule of history and risk makes is what its section declares, whatever the study leaves out."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import polars as pl
import pytest

from cohortium.derivations import cytogenetics, eligibility, scores, soft_tissue, staging, therapy_history
from cohortium.derivations.eligibility.criteria import MAJESTEC_1
from cohortium.study.derive.cytogenetics import CytogeneticHits, HighRiskCytogenetics
from cohortium.study.derive.eligibility import LIMITS, TrialEligibility
from cohortium.study.derive.frailty import Charlson, ImwgFrailty, SimplifiedFrailty
from cohortium.study.derive.kidney import CkdEpi2021, CockcroftGault
from cohortium.study.derive.prior_therapy import PriorTherapy
from cohortium.study.derive.regimen import RegimenOfLine
from cohortium.study.derive.revised_staging import R2Iss, RIss
from cohortium.study.derive.scores import CarHematotox, Easix, MyCare
from cohortium.study.derive.soft_tissue import SoftTissueDisease
from derivations.rule_tables import section_of, tables

TOPICS = (cytogenetics, eligibility, scores, soft_tissue, staging, therapy_history)
RULES = {name: rule for topic in TOPICS for name, rule in topic.RULES.items()}
MODELS = (
    CarHematotox, Charlson, CkdEpi2021, CockcroftGault, CytogeneticHits, Easix, HighRiskCytogenetics, ImwgFrailty, MyCare,
    PriorTherapy, R2Iss, RegimenOfLine, RIss, SimplifiedFrailty, SoftTissueDisease, TrialEligibility,
)  # fmt: skip
PARAMETERS = {
    HighRiskCytogenetics: {"set": "ims-imwg-2025"},
    TrialEligibility: {"criteria": "majestec-1"},
    RegimenOfLine: {"line": 1},
}
KINDS = {"category": pl.String, "number": pl.Float64, "integer": pl.Int64}


def named(model):
    return model.model_fields["rule"].annotation.__args__[0]


def required(model):
    return [
        key for key, one in model.model_fields.items() if one.is_required() and key not in {"name", "label", "rule"}
    ]


def section(model, *, full):
    keys = list(model.model_fields) if full else required(model)
    blank = model.model_construct(**{key: key for key in model.model_fields})
    readable = [read.key for read in blank.inputs()]
    return section_of(model, [key for key in keys if key in readable], **PARAMETERS.get(model, {}))


def test_every_rule_has_a_section_and_every_section_a_rule():
    assert {named(model) for model in MODELS} == set(RULES) - {"iss"}


@pytest.mark.parametrize("full", [False, True], ids=["required-keys", "all-keys"])
@pytest.mark.parametrize("height", [0, 2])
@pytest.mark.parametrize("model", MODELS, ids=named)
def test_columns_are_the_declared_variables(model, height, full):
    asked = section(model, full=full)
    types = {read.key: pl.String if read.levels else pl.Float64 for read in asked.inputs()}
    patients = pl.DataFrame(
        {"patient": [f"P{i}" for i in range(height)], **{key: [None] * height for key in types}},
        schema={"patient": pl.String, **types},
    )
    made = RULES[named(model)](tables(patients), asked).columns
    declared = {variable.name: KINDS[variable.kind] for variable in asked.variables()}
    assert dict(made.schema) == {"patient": pl.String, **declared}
    assert made["patient"].to_list() == patients["patient"].to_list()


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_what_is_nowhere_known_is_unknown(model):
    """No answer is made of nothing, but for counts of what is known."""
    patients = pl.DataFrame({"patient": ["A"]})
    made = RULES[named(model)](tables(patients), section(model, full=False)).columns.row(0, named=True)
    counted = {"it_at_least": 0, "it_n_not_met": 0, "it_n_unknown": 21}
    found = {name: value for name, value in made.items() if name != "patient" and value is not None}
    assert found == {name: counted[name] for name in found}


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_every_key_is_described_and_every_quantity_is_one(model):
    assert [key for key, one in model.model_fields.items() if key != "rule" and not one.description] == []
    for read in section(model, full=True).inputs():
        assert read.key in model.model_fields


def test_inputs_may_be_whole_numbers_and_ecog_a_category():
    frame = pl.DataFrame({"age": [81, 70], "charlson": [0, 2], "ecog": ["0", "1"]})
    asked = section_of(SimplifiedFrailty, frame.columns)
    kinds = {read.key: read.kinds for read in asked.inputs()}
    assert kinds["ecog"] == ("number", "integer", "category")
    made = RULES["simplified-frailty"](tables(frame), asked).columns
    assert made["it_points"].to_list() == [2, 2]


PAGES = ("staging", "cytogenetics", "soft-tissue", "prior-therapy", "regimen", "scores", "eligibility")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "derivations"


@pytest.mark.parametrize("page", PAGES)
def test_sections_that_a_page_shows_are_accepted(page):
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    shown = [one for block in blocks for one in tomllib.loads(block)["derive"]]
    by_name = {named(model): model for model in MODELS}
    assert shown
    for one in shown:
        assert by_name[one["rule"]](**one).variables()[0].name == one["name"]


def test_every_rule_and_every_unchecked_key_is_in_a_page():
    text = "\n".join((DOCS / f"{page}.md").read_text(encoding="utf-8") for page in PAGES)
    assert [
        named(model) for model in MODELS if f'rule = "{named(model)}"' not in text and f"`{named(model)}`" not in text
    ] == []
    tagged = {key for model in MODELS for key, one in model.model_fields.items() if "[M]" in (one.description or "")}
    assert sorted(key for key in tagged if f"`{key}`" not in text) == []


def test_limits_that_a_description_states_are_those_of_the_trial():
    given = {**MAJESTEC_1.numbers, **MAJESTEC_1.times_uln}
    for key in LIMITS:
        limit = {
            "platelets_at_least_in_full_marrow": MAJESTEC_1.platelets_in_full_marrow,
            "full_marrow_from_percent": MAJESTEC_1.full_marrow,
        }.get(key) or given[key.split("_at_")[0]]
        stated = re.search(r"([\d.]+) when left out", TrialEligibility.model_fields[key].description)
        assert float(stated[1]) == limit.limit
