"""The wire form of openings and of failures: JSON, no row, no value."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cohortium.errors import FAMILIES, CohortiumError, EstimationError, Problem, WireError
from cohortium.federation.desk import Opening
from cohortium.intake.read import SourceFile
from cohortium.study.queries import Query

if TYPE_CHECKING:
    from collections.abc import Sequence


def encode_openings(openings: Sequence[Opening]) -> bytes:
    """The wire form of openings."""
    return json.dumps([asdict(opening) for opening in openings]).encode()


def decode_openings(data: bytes) -> list[Opening]:
    """The openings that `encode_openings` wrote; WireError for anything else."""
    try:
        return [_opening(item) for item in json.loads(data)]
    except (ValueError, TypeError, KeyError) as error:
        raise WireError("an opening is not readable") from error


def _opening(item: dict[str, Any]) -> Opening:
    queries = tuple(Query(**query) for query in item["queries"])
    more = tuple(SourceFile(**source) for source in item["more"])
    return Opening(item["site"], SourceFile(**item["source"]), queries, more)


def encode_failure(error: CohortiumError) -> bytes:
    """The wire form of an error: its family, message and problems."""
    problems = [asdict(problem) for problem in error.problems]
    return json.dumps({"family": error.family, "message": error.message, "problems": problems}).encode()


def decode_failure(data: bytes) -> CohortiumError:
    """The error that `encode_failure` wrote."""
    try:
        item = json.loads(data)
        kind = next((family for family in FAMILIES if family.family == item["family"]), EstimationError)
        return kind(item["message"], [Problem(**problem) for problem in item["problems"]])
    except (ValueError, TypeError, KeyError) as error:
        raise WireError("a failure is not readable") from error
