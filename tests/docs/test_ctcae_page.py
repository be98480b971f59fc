"""The page of laboratory criteria says what the criteria are."""

from pathlib import Path

import pytest

from cohortium.derivations.toxicity.ctcae_criteria import CRITERIA

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "derivations" / "ctcae-laboratory.md").read_text(
    encoding="utf-8"
)
MULTIPLES = {"lower-limit": "LLN", "upper-limit": "ULN", "baseline": "baseline"}
CONDITIONS = {
    "always": "", "baseline-high": " (baseline high)", "baseline-not-high": " (baseline not high)",
    "baseline-low": " (baseline low)", "baseline-not-low": " (baseline not low)", "below-lower-limit": " and < LLN",
    "above-baseline": " and > baseline",
}  # fmt: skip


def words(step):
    number = f"{step.limit:g}" if step.limit == step.si_limit else f"{step.limit:g} [{step.si_limit:g}]"
    if step.reference in MULTIPLES:
        unit = MULTIPLES[step.reference]
        number = unit if step.limit == 1 else f"{number} × {unit}"
    elif step.reference == "above-upper-limit":
        number = f"{number} above ULN" if step.limit else "ULN"
    return f"{step.comparison} {number}{CONDITIONS[step.when]}"


def line(code, criterion):
    cells = ["; ".join(words(step) for step in criterion.steps if step.grade == grade) for grade in (1, 2, 3, 4)]
    name = criterion.term + (f" ({criterion.assumes} assumed)" if criterion.assumes else "")
    return f"| `{code}` | {name} | `{criterion.quantity}` | {' | '.join(cells)} |"


@pytest.mark.parametrize("version", CRITERIA)
def test_every_criterion_is_printed_as_it_is(version):
    _, five, six = PAGE.split("### Version ")
    part = six if version == "6.0" else five
    same = {code for code, one in CRITERIA[version].items() if CRITERIA["5.0"].get(code) == one}
    printed = {code: one for code, one in CRITERIA[version].items() if version == "5.0" or code not in same}
    assert [code for code, one in printed.items() if line(code, one) not in part] == []
