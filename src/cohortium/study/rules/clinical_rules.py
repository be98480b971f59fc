"""The `[[derive]]` sections that name a rule: what they read is there, of a fitting kind, in a unit and with levels known."""

from __future__ import annotations

from collections.abc import Iterator

from cohortium.errors import Problem
from cohortium.study.derive import RuleSection
from cohortium.study.derive.rule_section import Input
from cohortium.study.draft import KIND_IN_WORDS, Draft, Rule
from cohortium.study.locate import Path
from cohortium.study.quantities import QUANTITIES, Quantity
from cohortium.study.suggest import did_you_mean, one_of, shown
from cohortium.study.variables import Variable


def _sections(draft: Draft) -> Iterator[tuple[int, RuleSection]]:
    for index, derive in enumerate(draft.file.derive):
        if isinstance(derive, RuleSection):
            yield index, derive


def rule_inputs_fit(draft: Draft) -> Iterator[Problem]:
    """A rule reads variables of the dictionary or derived above it, of a fitting kind, unit and set of levels."""
    for index, section in _sections(draft):
        usable = draft.above(index)
        for needed in section.inputs():
            path: Path = ("derive", index, needed.key)
            later = draft.variables.get(needed.variable)
            if later is not None and needed.variable not in usable:
                what = f"{needed.variable} is derived in line {later.line}, after its use"
                yield draft.problem(path, what, "move its [[derive]] up")
                continue
            purpose = " or ".join(KIND_IN_WORDS[kind] for kind in needed.kinds)
            found = list(draft.check_variable(path, needed.variable, needed.kinds, purpose, usable))
            yield from found
            if not found and needed.variable in usable and not draft.is_excused(needed.variable):
                yield from _unit(draft, path, needed, usable[needed.variable])
                yield from _levels(draft, path, needed, usable[needed.variable])


def _unit(draft: Draft, path: Path, needed: Input, variable: Variable) -> Iterator[Problem]:
    quantity = QUANTITIES.get(needed.quantity)
    if quantity is None or not quantity.unit or variable.kind not in ("number", "integer"):
        return
    if not variable.unit:
        what = f"{variable.name} has no unit; {one_of(accepted_units(quantity))}"
        yield draft.problem(
            path, what, "write the unit as its Field Note in dictionary.csv, or as `unit` of its [[derive]]"
        )
    elif quantity.factor(variable.unit) is None:
        what = f"{variable.name} is in {shown(variable.unit)}, which is no unit of the quantity {quantity.label}"
        yield draft.problem(path, f"{what}; {one_of(accepted_units(quantity))}")


def accepted_units(quantity: Quantity) -> list[str]:
    """The units in which a quantity can be given, its own first."""
    return list(dict.fromkeys((quantity.unit, *quantity.factors)))


def _levels(draft: Draft, path: Path, needed: Input, variable: Variable) -> Iterator[Problem]:
    if not needed.levels or variable.kind != "category":
        return
    for level in variable.levels:
        if level_code(needed, level.label, level.code) is None:
            what = f"the level {shown(level.label)} of {variable.name} has no meaning here; {one_of(needed.levels)}"
            yield draft.problem(path, what, did_you_mean(level.label, needed.levels))


def level_code(needed: Input, label: str, code: str) -> str | None:
    """The code that a rule sees for a level: by its label, else by its code; None when it has no meaning for the rule."""
    return needed.levels.get(label.casefold(), needed.levels.get(code.casefold()))


def rule_tables_are_declared(draft: Draft) -> Iterator[Problem]:
    """The tables that a rule reads are declared in [[data.table]]."""
    declared = {table.name for table in draft.file.data.table}
    for index, section in _sections(draft):
        for table in section.tables():
            if table not in declared and not draft.is_excused(table):
                what = f"reads the table {table}, which is not declared"
                yield draft.problem(("derive", index), what, f'add [[data.table]] with name = "{table}"')


def rule_records_are_above(draft: Draft) -> Iterator[Problem]:
    """The records that a rule reads are made by a rule above it."""
    for index, section in _sections(draft):
        above = [derive.name for derive in draft.file.derive[:index] if isinstance(derive, RuleSection)]
        for name in section.records():
            if name not in above and not draft.is_excused(name):
                key = next((key for key, value in section if value == name and key != "name"), "rule")
                what = f"reads the records of {shown(name)}; {one_of(above)}, made by a rule above"
                yield draft.problem(("derive", index, key), what, did_you_mean(name, above))


def tables_have_a_day_0(draft: Draft) -> Iterator[Problem]:
    """Further tables are counted in days from the origin of `[time]`."""
    if draft.file.data.table and draft.file.time.origin is None:
        what = "its dates are counted from the origin, but the study has no day 0"
        yield draft.problem(("data", "table", 0), what, "set origin in [time]")


RULES: tuple[Rule, ...] = (rule_inputs_fit, rule_tables_are_declared, rule_records_are_above, tables_have_a_day_0)
