from pathlib import Path

from cohortium.simulation.defects.kinds import KINDS
from cohortium.simulation.sites.known import HABITS

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "simulate.md").read_text(encoding="utf-8")


def test_the_page_names_every_kind_of_fault_with_its_rule_and_all_habits():
    table = [line for line in PAGE.splitlines() if line.startswith("| `")]
    for kind in KINDS.values():
        assert any(f"`{kind.name}`" in line and f"| `{kind.rule}` |" in line for line in table), kind.name
    assert all(f"`{name}`" in PAGE for name in HABITS)
