"""Lines of therapy before, with and after the study drug, a row a drug; who is refractory to what follows from their days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from cohortium.simulation.chart.rows import Cell, Row, date_on
from cohortium.simulation.chart.traits import Traits
from cohortium.simulation.course.realize import Realized
from cohortium.simulation.draws import Draws

CLASSES = {
    "lenalidomide": "imid", "pomalidomide": "imid", "thalidomide": "imid", "bortezomib": "pi", "carfilzomib": "pi",
    "ixazomib": "pi", "daratumumab": "anti-cd38", "isatuximab": "anti-cd38", "dexamethasone": "corticosteroid",
    "cyclophosphamide": "alkylator", "melphalan with autologous transplant": "autologous-transplant", "selinexor": "xpo1-inhibitor",
    "elotuzumab": "anti-slamf7", "bendamustine": "alkylator", "venetoclax": "bcl2-inhibitor",
    "belantamab mafodotin": "bcma-adc", "idecabtagene vicleucel": "bcma-car-t", "ciltacabtagene autoleucel": "bcma-car-t",
    "elranatamab": "bcma-bispecific", "teclistamab": "bcma-bispecific", "talquetamab": "gprc5d-bispecific",
    "cevostamab": "fcrh5-bispecific", "immunoglobulin": "other",
}  # fmt: skip

FIVE = ("lenalidomide", "pomalidomide", "bortezomib", "carfilzomib", "daratumumab")
_BACKBONE: tuple[tuple[str, ...], ...] = (
    ("lenalidomide", "bortezomib", "dexamethasone"),
    ("daratumumab", "pomalidomide", "dexamethasone"),
    ("carfilzomib", "cyclophosphamide", "dexamethasone"),
)
_FILLERS: tuple[tuple[str, ...], ...] = (
    ("selinexor", "dexamethasone"), ("elotuzumab", "dexamethasone"), ("bendamustine", "dexamethasone"),
    ("cyclophosphamide", "dexamethasone"), ("venetoclax", "dexamethasone"),
)  # fmt: skip
_AFTER = {
    ("talquetamab",): 0.34, ("carfilzomib", "cyclophosphamide", "dexamethasone"): 0.22, ("selinexor", "dexamethasone"): 0.14,
    ("bendamustine", "dexamethasone"): 0.10, ("ciltacabtagene autoleucel",): 0.10, ("cevostamab",): 0.10,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug within a line; days from the first dose of the study drug."""

    line: int
    name: str
    role: str
    start: int
    stop: int | None
    best_response: str = ""
    stop_reason: str = ""
    progression: int | None = None

    def row(self, realized: Realized) -> Row:
        """The row of the table."""
        cells: dict[str, Cell | dt.date] = {
            "line": self.line, "drug": self.name, "drug_class": CLASSES[self.name], "role": self.role,
            "start": date_on(realized, self.start), "stop": date_on(realized, self.stop),
            "best_response": self.best_response, "stop_reason": self.stop_reason,
            "progression": date_on(realized, self.progression),
        }  # fmt: skip
        return cells


@dataclass(frozen=True, slots=True)
class History:
    """All drugs, and the drugs of the five to which the patient is refractory."""

    drugs: tuple[Drug, ...]
    refractory: tuple[str, ...]
    n_prior_lines: int

    @property
    def first_day(self) -> int:
        """First day of the first line, from the first dose of the study drug."""
        return min(drug.start for drug in self.drugs)


def history_of(realized: Realized, traits: Traits, seed: int) -> History:
    """A patient's therapies."""
    draws = Draws(seed, "therapies", realized.plan.seat.number)
    spared = () if traits.is_penta_refractory else tuple(draws.shuffled(FIVE)[: draws.integer(1, 2)])
    lines = _lines(realized, draws)
    prior = _dated(lines, spared, draws)
    refractory = tuple(name for name in FIVE if name not in spared)
    index = len(lines) + 1
    return History((*prior, *_from_index(realized, index, draws)), refractory, len(lines))


def _lines(realized: Realized, draws: Draws) -> list[tuple[str, ...]]:
    """Prior lines in order: the three classes, others, and what was directed against BCMA."""
    lines = [*_BACKBONE, *draws.shuffled(_FILLERS)[: draws.pick({1: 0.35, 2: 0.35, 3: 0.2, 4: 0.1})]]
    if draws.chance(0.58):
        lines[0] = (*lines[0], "melphalan with autologous transplant")
    adc, cells = (
        ("belantamab mafodotin",),
        (draws.pick({"idecabtagene vicleucel": 0.6, "ciltacabtagene autoleucel": 0.4}),),
    )
    bispecific = ("elranatamab",)
    bcma = {
        "adc_only": [adc], "car_t_only": [cells], "adc_and_car_t": [adc, cells], "bispecific_only": [bispecific],
        "other": [cells, bispecific],
    }.get(realized.plan.seat.prior_kind, [])  # fmt: skip
    for line in bcma:
        lines.insert(draws.integer(3, len(lines)), line)
    return lines


def _dated(lines: list[tuple[str, ...]], spared: tuple[str, ...], draws: Draws) -> list[Drug]:
    """Days of the lines, the last one first; a drug that is spared was stopped long before progression, with a response."""
    drugs: list[Drug] = []
    next_start = -draws.integer(14, 60)
    for number in range(len(lines), 0, -1):
        names = lines[number - 1]
        has_spared = bool(set(names) & set(spared))
        progression = next_start - draws.integer(2, 30)
        length = draws.integer(150, 520) if has_spared or number == 1 else draws.integer(50, 330)
        start = progression - length
        response = (
            draws.pick({"VGPR": 0.35, "PR": 0.45, "CR": 0.2})
            if has_spared or number == 1
            else draws.pick({"PR": 0.4, "VGPR": 0.2, "SD": 0.25, "PD": 0.15})
        )
        for name in names:
            drug = Drug(number, name, "prior", start, progression, response, "progression", progression)
            if name in spared:
                drug = replace(
                    drug, stop=start + (length - 75) // 2, stop_reason=draws.pick({"completed": 0.6, "toxicity": 0.4})
                )
            elif CLASSES[name] in {"bcma-car-t", "autologous-transplant"}:
                drug = replace(drug, start=start + length // 4, stop=start + length // 4, stop_reason="completed")
            drugs.append(drug)
        next_start = start
    return sorted(drugs, key=lambda drug: drug.line)


def _from_index(realized: Realized, line: int, draws: Draws) -> list[Drug]:
    plan = realized.plan
    reason, stop = "", None
    if plan.progression is not None:
        reason, stop = "progression", min(plan.progression + draws.integer(0, 6), plan.last_contact)
    elif plan.death is not None:
        reason, stop = "death", plan.death
    best = realized.truth.best_confirmed
    drugs = [Drug(line, "teclistamab", "index", 0, stop, "" if best == "NE" else best, reason, plan.progression)]
    if draws.chance(0.45):
        drugs.append(Drug(line, "immunoglobulin", "supportive", min(draws.integer(20, 90), plan.last_contact), None))
    if realized.new_therapy is not None:
        drugs += [Drug(line + 1, name, "subsequent", realized.new_therapy, None) for name in draws.pick(_AFTER)]
    return drugs
