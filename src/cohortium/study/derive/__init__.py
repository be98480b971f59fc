"""The `[[derive]]` sections: made from variables by expressions, or by a clinical rule that is named; a module a topic.

To add a rule: write its model in the module of its topic and name it in `AnyDerive` with its rule as tag.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, get_args

from pydantic import Discriminator, Tag

from cohortium.study.derive.from_variables import Case, Derive
from cohortium.study.derive.response import ImwgConfirmation, ImwgResponse
from cohortium.study.derive.rule_section import RuleSection
from cohortium.study.derive.staging import Iss

EXPRESSION = "expression"
"""Tag of the form without `rule`."""


def _form(value: object) -> str:
    """Which of the forms is written, so that an error speaks of that one only."""
    rule = value.get("rule") if isinstance(value, dict) else getattr(value, "rule", None)
    return EXPRESSION if rule is None else str(rule)


AnyDerive = Annotated[
    Annotated[Derive, Tag(EXPRESSION)]
    | Annotated[ImwgConfirmation, Tag("imwg-confirmation")]
    | Annotated[ImwgResponse, Tag("imwg-response")]
    | Annotated[Iss, Tag("iss")],
    Discriminator(_form),
]

RULE_SECTIONS: Mapping[str, type[RuleSection]] = MappingProxyType(
    {
        tag.tag: model
        for model, tag in (get_args(form) for form in get_args(get_args(AnyDerive)[0]))
        if tag.tag != EXPRESSION
    }
)
"""Model of each rule by its name."""

__all__ = ["EXPRESSION", "RULE_SECTIONS", "AnyDerive", "Case", "Derive", "RuleSection"]
