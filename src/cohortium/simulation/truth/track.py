"""By what a patient's myeloma can be measured at the first dose (IMWG 2016; serum from 1 g/dL)."""

from __future__ import annotations

from dataclasses import dataclass

from cohortium.simulation.truth.reading import Reading

SERUM, URINE, BOTH, FLC, MARROW, LESION, NONE = (
    "SERUM",
    "URINE",
    "SERUM+URINE",
    "FLC_ONLY",
    "BM_ONLY",
    "PLASMACYTOMA_ONLY",
    "NOT_MEASURABLE",
)


@dataclass(frozen=True, slots=True)
class Start:
    """The baseline, the track, and the involved light chain: `kappa`, `lambda`, or empty."""

    reading: Reading
    track: str
    involved: str

    def light_chains(self, reading: Reading) -> int | None:
        """Involved minus uninvolved free light chains."""
        if reading.kappa is None or reading.light is None or not self.involved:
            return None
        return reading.kappa - reading.light if self.involved == "kappa" else reading.light - reading.kappa


def start_of(baseline: Reading) -> Start:
    """The track of a baseline at which everything was measured."""
    involved = ""
    if baseline.kappa is not None and baseline.light is not None and has_normal_ratio(baseline) is False:
        involved = "kappa" if baseline.kappa > baseline.light else "lambda"
    chain = {"kappa": baseline.kappa, "lambda": baseline.light}.get(involved)
    serum = baseline.serum is not None and baseline.serum >= 100
    urine = baseline.urine is not None and baseline.urine >= 200_00
    if serum or urine:
        track = BOTH if serum and urine else SERUM if serum else URINE
    elif chain is not None and chain >= 10_00:
        track = FLC
    elif baseline.marrow is not None and baseline.marrow >= 30_00:
        track = MARROW
    else:
        track = LESION if baseline.lesion else NONE
    return Start(baseline, track, involved)


def has_normal_ratio(reading: Reading) -> bool | None:
    """Whether kappa to lambda lies from 0.26 to 1.65; None when it is not known."""
    if reading.kappa is None or reading.light is None or not (reading.kappa or reading.light):
        return None
    return 26 * reading.light <= 100 * reading.kappa <= 165 * reading.light
