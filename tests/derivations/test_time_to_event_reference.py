"""Endpoints by rule against a slow reference: one patient at a time, in plain Python, written from the published tables."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest

from cohortium.derivations.rule import Tables
from cohortium.study.derive import endings
from cohortium.study.derive.censoring import ALLOWED, RULE_SETS
from derivations.endpoint_cases import DAYS, empty, outcomes, schema_of, section

N = 1500
RANK = ["sCR", "CR", "VGPR", "PR"]


def simulated(seed: int) -> tuple[Tables, list[dict[str, Any]]]:
    """Tables of random patients, and the same patients as dictionaries; days are few, so that many fall together."""
    rng = random.Random(seed)  # noqa: S311 simulated patients are no secret
    people, visits = [], []
    for number in range(N):
        person: dict[str, Any] = {"patient": str(number), "visits": []}
        for day, share in (("death", 0.4), ("therapy", 0.4), ("bridge", 0.25), ("clinical", 0.25), ("cutoff", 0.4)):
            person[day] = rng.randrange(0, 60) * 5 if rng.random() < share else None
        person["contact"] = rng.randrange(0, 70) * 5 if rng.random() < 0.9 else None
        person["died"] = rng.choice(["yes", "no", None]) if person["death"] is None else "yes"
        person["cause"] = rng.choice(["yes", "no", "no", None])
        for _ in range(rng.randrange(0, 7)):
            response = rng.choice(["sCR", "CR", "VGPR", "PR", "PR", "MR", "SD", "SD", "NE", "PD"])
            day = rng.randrange(-2, 60) * 5 if rng.random() < 0.99 else None
            basis = rng.choice(["imaging", "biochemical", "clinical", None]) if response == "PD" else None
            person["visits"].append((day, response, basis))
            visits.append({"patient": str(number), "day": day, "response": response, "basis": basis})
        people.append(person)
    rng.shuffle(visits)
    columns = {
        DAYS[name]: [person[name] for person in people]
        for name in ("death", "therapy", "bridge", "clinical", "cutoff", "contact")
    }
    frame = pl.DataFrame(
        {
            "patient": [person["patient"] for person in people],
            **columns,
            "died": [person["died"] for person in people],
            "death_from_progression": [person["cause"] for person in people],
        }
    )
    responses = pl.DataFrame(visits, schema=schema_of("responses"))
    return Tables(frame, empty("therapies"), empty("assessments"), empty("events"), responses), people


def expected(person: dict[str, Any], endpoint: str, rules: Any) -> tuple[int | None, str | None, str]:
    """Days, event and reason of one patient by the published rules."""
    never = 10**9
    cutoff = never if person["cutoff"] is None else person["cutoff"]
    on_study = [visit for visit in person["visits"] if visit[0] is None or visit[0] >= 0]
    documented = [day for day, response, basis in on_study if response == "PD" and basis != "clinical"]
    called = [day for day, response, basis in on_study if response == "PD" and basis == "clinical"]
    calls = [day for day in [person["clinical"], *called] if day is not None]
    therapy = person["therapy"] if person["therapy"] != person["bridge"] else None
    happened = {
        "progression": min((day for day in documented if day is not None), default=None),
        "clinical": min(calls, default=None),
        "death": person["death"],
        "bridge": person["bridge"],
        "therapy": therapy,
    }
    ends = _ends(endpoint, rules)
    own = [happened[name] for name in ends]
    later = [day for day in (*own, person["contact"]) if day is not None and day > cutoff]
    counted = {name: day for name, day in happened.items() if day is not None and day <= cutoff}
    clinical_lost = not calls and bool(called)
    of_responders = endpoint in ("dor", "ttr", "time-to-best")
    progression_ended = endpoint in ("pfs", "dor", "ttp")
    first = 0
    if of_responders and not any(response in RANK for _, response, _ in on_study):
        return None, None, endings.NO_RESPONSE
    if endpoint not in ("os", "ttnt"):
        lost = None in documented or (rules.clinical_progression != "ignore" and clinical_lost)
        lost |= of_responders and any(day is None and response in RANK for day, response, _ in on_study)
        if lost:
            return None, None, endings.UNKNOWN_PROGRESSION
    if of_responders:
        limits = [
            cutoff,
            counted.get("progression", never) - 1,
            counted.get("therapy", never),
            counted.get("death", never),
        ]
        if rules.planned_bridge == "censor":
            limits.append(counted.get("bridge", never))
        if rules.clinical_progression != "ignore":
            limits.append(counted.get("clinical", never))
        responses = [
            (RANK.index(response), day) for day, response, _ in on_study if response in RANK and day <= min(limits)
        ]
        if not responses:
            return None, None, endings.NO_RESPONSE
        first = min(day for _, day in responses)
        if endpoint == "ttr":
            return first, "response", endings.FIRST_RESPONSE
        if endpoint == "time-to-best":
            return min(responses)[1], "best response", "best response"
    ended = (
        min((counted[name], position, name) for position, name in enumerate(ends) if name in counted)
        if set(ends) & set(counted)
        else None
    )
    if ended is None and person["died"] == "yes" and person["death"] is None and not later:
        return None, None, endings.UNKNOWN_DEATH
    name = ended[2] if ended else None
    tells_causes = endpoint == "nrm" or (progression_ended and rules.death != "event")
    if name == "death" and tells_causes and person["cause"] is None:
        return None, None, endings.UNKNOWN_CAUSE
    if not progression_ended:
        return _followed(endpoint, rules, person, ended, later, cutoff)
    return _assessed(rules, person, on_study, ended, first, cutoff, endpoint)


def _ends(endpoint: str, rules: Any) -> list[str]:
    clinical = rules.clinical_progression
    if endpoint == "os":
        return ["death"]
    if endpoint == "nrm":
        return ["progression", *(["clinical"] if clinical == "event" else []), "death"]
    if endpoint == "ttnt":
        return ["therapy", *(["bridge"] if rules.planned_bridge == "censor" else []), "death"]
    ends = ["progression"]
    ends += ["clinical"] if clinical == "event" else []
    ends += ["death"]
    ends += ["bridge"] if rules.planned_bridge == "censor" else []
    ends += ["clinical"] if clinical == "censor" else []
    ends += ["therapy"] if rules.new_therapy != "ignore" else []
    return ends


def _followed(
    endpoint: str, rules: Any, person: dict[str, Any], ended: Any, later: list[int], cutoff: int
) -> tuple[int | None, str | None, str]:
    if ended is None:
        if later:
            return cutoff, "censored", endings.AT_CUTOFF
        if person["contact"] is None:
            return None, None, endings.UNKNOWN_CONTACT
        return person["contact"], "censored", endings.LAST_CONTACT
    day, _, name = ended
    if name == "therapy":
        return day, "new therapy", "new therapy"
    if name == "bridge":
        return day, "censored", endings.AT_BRIDGE
    if name == "progression":
        return day, "progression", "progression"
    if name == "clinical":
        return day, "progression", endings.CLINICAL_PROGRESSION
    if endpoint == "nrm":
        if person["cause"] == "yes":
            return day, "progression", endings.DEATH_FROM_PROGRESSION
        return day, "death without progression", "death without progression"
    return (day, "death", "death") if rules.death == "event" else (day, "censored", endings.AT_DEATH)


def _assessed(
    rules: Any, person: dict[str, Any], visits: list[Any], ended: Any, first: int, cutoff: int, endpoint: str
) -> tuple[int, str, str]:
    day, _, name = ended or (cutoff, 0, None)
    until = day - 1 if name == "progression" else day
    adequate = [
        when
        for when, response, basis in visits
        if when is not None
        and 0 < when <= until
        and response != "NE"
        and not (response == "PD" and basis == "clinical")
    ]
    last = max([first, *adequate])
    unseen = not adequate and endpoint != "dor"
    gap = rules.missed_assessments_days
    judged = name in ("progression", "death") or (name == "clinical" and rules.clinical_progression == "event")
    if judged and gap and day - last > gap:
        return last - first, "censored", endings.NOT_ASSESSED if unseen else endings.BEFORE_GAP
    from_progression = name == "death" and rules.death != "event" and person["cause"] == "yes"
    if name == "progression":
        return day - first, "progression", "progression"
    if name == "clinical" and rules.clinical_progression == "event":
        return day - first, "progression", endings.CLINICAL_PROGRESSION
    if name == "death" and rules.death == "event":
        return day - first, "death", "death"
    if from_progression:
        return day - first, "progression", endings.DEATH_FROM_PROGRESSION
    if name == "death" and rules.death == "censor":
        return day - first, "censored", endings.AT_DEATH
    if name == "bridge":
        return day - first, "censored", endings.AT_BRIDGE
    if name == "therapy" and rules.new_therapy == "event":
        return day - first, "new therapy", "new therapy"
    if unseen:
        return 0, "censored", endings.NOT_ASSESSED
    documented = [d for d, response, basis in visits if response == "PD" and basis != "clinical" and d is not None]
    after = [d for d in (min(documented, default=None), person["death"]) if d is not None]
    alive = endings.BEFORE_CUTOFF if after and min(after) > cutoff else endings.LAST_ASSESSMENT
    reason = {"therapy": endings.BEFORE_NEW_THERAPY, "clinical": endings.BEFORE_CLINICAL, "death": endings.BEFORE_DEATH}
    return last - first, "censored", reason.get(name, alive)


GIVEN = {
    "ttp": {"death": "censor-at-last-assessment"},
    "ttnt": {"death": "event"},
    "pfs": {"missed_assessments_days": 30},
}


@pytest.mark.parametrize("endpoint", ALLOWED)
def test_random_patients_are_what_the_reference_says(endpoint: str) -> None:
    tables, people = simulated(seed=20261122)
    sections = [section(endpoint, censoring, tables) for censoring in RULE_SETS]
    sections += [section(endpoint, "fda-primary", tables, **GIVEN.get(endpoint, {}))]
    for made in sections:
        found = outcomes(tables, made)
        wanted = [expected(person, endpoint, made.elements) for person in people]
        wrong = [(made.censoring, person, a, b) for person, a, b in zip(people, found, wanted, strict=True) if a != b]
        assert wrong[:1] == []
        declared = {level.code for level in made.variables()[2].levels}
        assert {reason for _, _, reason in found} <= declared
