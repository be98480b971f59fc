"""Everything that can be wrong or missing in `people.toml` once its shape is right."""

from __future__ import annotations

from cohortium.governance.people.findings import Draft, Finding, Rule
from cohortium.governance.people.rules import article, authorship, disclosures, identity, places

RULES: tuple[Rule, ...] = (*identity.RULES, *places.RULES, *authorship.RULES, *disclosures.RULES, *article.RULES)


def check(draft: Draft) -> list[Finding]:
    """What every rule finds, errors, open points and notes together."""
    return [finding for rule in RULES for finding in rule(draft)]
