"""What a visit measures of the disease, rounded as laboratories report it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cohortium.simulation.course.assessment import Assessment
from cohortium.simulation.course.burden import Burden
from cohortium.simulation.course.disease import Disease

_SMALLEST_SPIKE = 0.05
_SMALLEST_URINE = 20
_IMMUNOFIXED = 0.004
_IMMUNOFIXED_URINE = 2.0
_SMALLEST_LESION = 0.4
_SENSITIVITY = 1e-5
_UPPER_FREE_LIGHT_CHAIN = {"flc-kappa": (0.33, 1.94), "flc-lambda": (0.57, 2.63)}


@dataclass(frozen=True, slots=True)
class Tests:
    """What is done at a visit."""

    serum: bool = True
    urine: bool = True
    light_chains: bool = True
    marrow: bool = False
    flow: bool = False
    imaging: bool = False
    new_lesion: bool = False
    noise: float = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """A disease with its burden over time.

    urine_power   urine falls and rises with this power of the burden
    """

    disease: Disease
    burden: Burden
    urine_power: float = 1.0

    def measure(self, day: int, tests: Tests) -> Iterator[Assessment]:
        """The assessments of a visit."""
        share = self.burden.at(day) * tests.noise
        if tests.serum:
            yield from self._serum(day, share)
        if tests.urine:
            yield from self._urine(day, share**self.urine_power)
        if tests.light_chains:
            yield from self._light_chains(day, share)
        if tests.marrow:
            yield from self._marrow(day, share, has_flow=tests.flow)
        if tests.imaging:
            yield from self._imaging(day, share, is_new=tests.new_lesion)

    def _serum(self, day: int, share: float) -> Iterator[Assessment]:
        amount = self.disease.serum * share
        yield Assessment(day, "serum-m-protein", round(amount, 2) if amount >= _SMALLEST_SPIKE else 0.0)
        yield Assessment(day, "serum-immunofixation", result="positive" if amount > _IMMUNOFIXED else "negative")

    def _urine(self, day: int, share: float) -> Iterator[Assessment]:
        amount = self.disease.urine * share
        yield Assessment(day, "urine-m-protein", float(round(amount)) if amount >= _SMALLEST_URINE else 0.0)
        yield Assessment(day, "urine-immunofixation", result="positive" if amount > _IMMUNOFIXED_URINE else "negative")

    def _light_chains(self, day: int, share: float) -> Iterator[Assessment]:
        involved = round(self.disease.involved * share + self.disease.uninvolved * 0.9, 2)
        kappa, light = (
            (involved, self.disease.uninvolved) if self.disease.is_kappa else (self.disease.uninvolved, involved)
        )
        for name, value in (("flc-kappa", kappa), ("flc-lambda", light)):
            lower, upper = _UPPER_FREE_LIGHT_CHAIN[name]
            yield Assessment(day, name, value, lower=lower, upper=upper)

    def _marrow(self, day: int, share: float, *, has_flow: bool) -> Iterator[Assessment]:
        cells = min(round(self.disease.marrow * share), 98)
        yield Assessment(day, "marrow-plasma-cells", float(cells), method="aspirate")
        if has_flow:
            is_clean = self.disease.marrow * share < 0.05
            yield Assessment(day, "marrow-clonal-cells", result="negative" if is_clean else "positive", method="flow")
            left = self.disease.marrow * share / 100
            yield Assessment(day, "mrd", result="negative" if left < _SENSITIVITY else "positive", method="ngs")
            yield Assessment(day, "mrd-sensitivity", _SENSITIVITY, method="ngs")

    def _imaging(self, day: int, share: float, *, is_new: bool) -> Iterator[Assessment]:
        if self.disease.lesion:
            area = round(self.disease.lesion * share, 1)
            is_gone = area < _SMALLEST_LESION
            yield Assessment(day, "plasmacytoma-spd", 0.0 if is_gone else area, method="pet-ct")
            yield Assessment(day, "plasmacytoma", result="negative" if is_gone else "positive", method="pet-ct")
            if not is_gone:
                long, short = (area * self.disease.elongation) ** 0.5, (area / self.disease.elongation) ** 0.5
                yield Assessment(day, "plasmacytoma-longest-diameter", round(long, 1), method="pet-ct")
                yield Assessment(day, "plasmacytoma-short-axis", round(short, 1), method="pet-ct")
        if is_new:
            yield Assessment(day, "imaging", result="new", method="pet-ct")
        elif not self.disease.lesion:
            yield Assessment(day, "imaging", result="negative", method="pet-ct")
