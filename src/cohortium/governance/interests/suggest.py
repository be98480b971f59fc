"""Suggestions for organizations that the table does not have; a person accepts one, or none."""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.governance.interests.normalize import folded, normalize_organization, table

_LOWEST_SCORE = 60.0
_SHARED_WORDS = 0.9
"""Weight of likeness by shared words alone, so that only the same letters score 100."""
_MOST = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A canonical name that an unknown name may stand for.

    canonical  canonical name
    score      likeness from 0 to 100; no score is high enough to be accepted without a person
    """

    canonical: str
    score: float


def suggest_organizations(name: str) -> tuple[Suggestion, ...]:
    """Up to three canonical names that resemble an unknown name, the most alike first; none for a known name."""
    from rapidfuzz import fuzz

    word = folded(name)
    if not word or normalize_organization(name).known:
        return ()
    scores: dict[str, float] = {}
    for known, canonical in table().names.items():
        score = round(max(fuzz.ratio(word, known), _SHARED_WORDS * fuzz.token_set_ratio(word, known)), 1)
        scores[canonical] = max(score, scores.get(canonical, 0.0))
    likely = [Suggestion(canonical, score) for canonical, score in scores.items() if score >= _LOWEST_SCORE]
    return tuple(sorted(likely, key=lambda suggestion: (-suggestion.score, suggestion.canonical))[:_MOST])
