"""Thresholds of the response criteria as a table that a clinician can read: just below, at, just above.

Visits are parted by `/`. Amounts are in g/dL (serum), mg/24 h (urine), mg/dL (kappa, lambda), % (marrow), cm^2 (spd), cm
(diameter, axis), cells/uL (circulating); `sife` and `uife` are immunofixation, `clonality` the kappa to lambda ratio of
marrow plasma cells. `dark` stands for: serum 0, urine 0, kappa 1, lambda 1.
"""

TABLE = """
threshold                     | version  | baseline                         | visits                                                      | expected
by what it is measured
serum measurable              | both     | serum 1.0                        | serum 0.5                                                   | SERUM: PR
serum not measurable          | both     | serum 0.99, urine 0, ratio 1     | serum 0.4                                                   | NOT_MEASURABLE: NE
urine measurable              | both     | serum 0, urine 200               | serum 0, urine 99                                           | URINE: VGPR
urine not measurable          | both     | serum 0, urine 199, ratio 1      | serum 0, urine 99                                           | NOT_MEASURABLE: NE
serum and urine               | both     | serum 1.0, urine 200             | serum 0.5, urine 99                                         | SERUM+URINE: PR
light chains measurable       | both     | serum 0, urine 0, kappa 10, lambda 1   | kappa 5.5, lambda 1                                   | FLC_ONLY: PR
light chains not measurable   | both     | serum 0, urine 0, kappa 9.9, lambda 1  | kappa 5, lambda 1                                     | NOT_MEASURABLE: NE
ratio high, normal            | both     | serum 0, urine 0, kappa 16.5, lambda 10 | kappa 16.5, lambda 10                                | NOT_MEASURABLE: NE
ratio high, not normal        | both     | serum 0, urine 0, kappa 16.6, lambda 10 | kappa 16.6, lambda 10                                | FLC_ONLY: SD
ratio low, normal             | both     | serum 0, urine 0, kappa 2.6, lambda 10  | kappa 2.6, lambda 10                                 | NOT_MEASURABLE: NE
ratio low, not normal         | both     | serum 0, urine 0, kappa 2.59, lambda 10 | kappa 2.59, lambda 10                                | FLC_ONLY: SD
marrow measurable             | both     | dark, marrow 30                  | marrow 15                                                   | BM_ONLY: PR
marrow not measurable         | both     | dark, marrow 29.9                | marrow 15                                                   | NOT_MEASURABLE: NE
very good partial response
serum fall 90%                | both     | serum 10                         | serum 1.0, urine 0                                          | SERUM: VGPR
serum fall below 90%          | both     | serum 10                         | serum 1.01, urine 0                                         | SERUM: PR
serum fall above 90%          | both     | serum 10                         | serum 0.99, urine 0                                         | SERUM: VGPR
urine below 100               | both     | serum 10                         | serum 1.0, urine 99.9                                       | SERUM: VGPR
urine 100                     | both     | serum 10                         | serum 1.0, urine 100                                        | SERUM: PR
urine not measured            | both     | serum 10                         | serum 1.0                                                   | SERUM: PR
light chains fall 90%         | both     | dark, kappa 101                  | kappa 11, lambda 1                                          | FLC_ONLY: VGPR
light chains fall below 90%   | both     | dark, kappa 101                  | kappa 11.1, lambda 1                                        | FLC_ONLY: PR
partial response
serum fall 50%                | both     | serum 3.0                        | serum 1.5                                                   | SERUM: PR
serum fall 50% of thirds      | both     | serum 1.4                        | serum 0.7                                                   | SERUM: PR
serum fall below 50%          | both     | serum 3.0                        | serum 1.51                                                  | SERUM: MR
urine fall 90%                | both     | serum 3.0, urine 3000            | serum 1.5, urine 300                                        | SERUM+URINE: PR
urine fall below 90%          | both     | serum 3.0, urine 3000            | serum 1.5, urine 301                                        | SERUM+URINE: MR
urine below 200               | both     | serum 3.0, urine 1000            | serum 1.5, urine 199.9                                      | SERUM+URINE: PR
urine 200                     | both     | serum 3.0, urine 1000            | serum 1.5, urine 200                                        | SERUM+URINE: MR
light chains fall 50%         | both     | dark, kappa 101                  | kappa 51, lambda 1                                          | FLC_ONLY: PR
light chains fall below 50%   | both     | dark, kappa 101                  | kappa 51.1, lambda 1                                        | FLC_ONLY: SD
marrow fall 50%               | both     | dark, marrow 60                  | marrow 30                                                   | BM_ONLY: PR
marrow fall below 50%         | both     | dark, marrow 60                  | marrow 30.1                                                 | BM_ONLY: SD
plasmacytoma fall 50%         | both     | dark, spd 10                     | spd 5                                                       | PLASMACYTOMA_ONLY: PR
plasmacytoma fall below 50%   | IMWG2016 | dark, spd 10                     | spd 5.05                                                    | PLASMACYTOMA_ONLY: SD
plasmacytoma beside serum     | both     | serum 10, spd 10                 | serum 1, urine 0, spd 5                                     | SERUM: VGPR
plasmacytoma not measured     | both     | serum 10, spd 10                 | serum 1, urine 0                                            | SERUM: PR
plasmacytoma holds serum back | IMWG2016 | serum 10, spd 10                 | serum 1, urine 0, spd 5.05                                  | SERUM: SD
minimal response
serum fall 25%                | both     | serum 4.0                        | serum 3.0                                                   | SERUM: MR
serum fall below 25%          | both     | serum 4.0                        | serum 3.01                                                  | SERUM: SD
serum fall 49.6%              | both     | serum 10                         | serum 5.04                                                  | SERUM: MR
urine fall 50%                | both     | serum 4.0, urine 1000            | serum 2.0, urine 500                                        | SERUM+URINE: MR
urine fall below 50%          | both     | serum 4.0, urine 1000            | serum 2.0, urine 501                                        | SERUM+URINE: SD
plasmacytoma fall below 50%   | IMWG2011 | dark, spd 10                     | spd 5.05                                                    | PLASMACYTOMA_ONLY: MR
plasmacytoma fall 25%         | IMWG2011 | dark, spd 10                     | spd 7.5                                                     | PLASMACYTOMA_ONLY: MR
plasmacytoma fall below 25%   | IMWG2011 | dark, spd 10                     | spd 7.51                                                    | PLASMACYTOMA_ONLY: SD
plasmacytoma holds serum back | IMWG2011 | serum 10, spd 10                 | serum 1, urine 0, spd 7.5                                   | SERUM: MR
complete response
marrow below 5%               | both     | serum 3                          | serum 0, urine 0, sife -, uife -, marrow 4.9                | SERUM: CR
marrow 5%                     | both     | serum 3                          | serum 0, urine 0, sife -, uife -, marrow 5                  | SERUM: VGPR
marrow not examined           | both     | serum 3                          | serum 0, urine 0, sife -, uife -                            | SERUM: VGPR
immunofixation positive       | both     | serum 3                          | serum 0, urine 0, sife +, uife -, marrow 1                  | SERUM: VGPR
immunofixation not done       | both     | serum 3                          | serum 0, urine 0, sife -, marrow 1                          | SERUM: VGPR
kappa to lambda 4             | both     | serum 3, kappa 9, lambda 1       | serum 0, urine 0, sife -, uife -, marrow 1, ratio 1, clonality 4    | SERUM: sCR
kappa to lambda above 4       | both     | serum 3, kappa 9, lambda 1       | serum 0, urine 0, sife -, uife -, marrow 1, ratio 1, clonality 4.01 | SERUM: CR
kappa to lambda 1/2           | both     | serum 3, kappa 1, lambda 9       | serum 0, urine 0, sife -, uife -, marrow 1, ratio 1, clonality 0.5  | SERUM: sCR
kappa to lambda below 1/2     | both     | serum 3, kappa 1, lambda 9       | serum 0, urine 0, sife -, uife -, marrow 1, ratio 1, clonality 0.49 | SERUM: CR
light chain ratio 1.65        | both     | serum 3                          | serum 0, urine 0, sife -, uife -, marrow 1, ratio 1.65, clonality 1 | SERUM: sCR
light chain ratio 1.66        | both     | serum 3                          | serum 0, urine 0, sife -, uife -, marrow 1, ratio 1.66, clonality 1 | SERUM: CR
progression
serum rise 25%                | both     | serum 4                          | serum 5.0                                                   | SERUM: PD
serum rise below 25%          | both     | serum 4                          | serum 4.99                                                  | SERUM: SD
serum rise 0.5                | both     | serum 1                          | serum 1.5                                                   | SERUM: PD
serum rise below 0.5          | both     | serum 1                          | serum 1.49                                                  | SERUM: SD
serum rise 0.5 in doubles     | both     | serum 1                          | serum 0.4 / serum 0.4 / serum 0.9                           | SERUM: PR PR PD
serum rise from 0             | both     | serum 1                          | serum 0 / serum 0 / serum 0.49 / serum 0.5                  | SERUM: PR PR PR PD
low value not confirmed       | both     | serum 3                          | serum 1.0 / serum 1.6 / serum 2.1                           | SERUM: PR MR PD
high serum, rise 1            | both     | serum 5                          | serum 6.0                                                   | SERUM: PD
high serum, rise below 1      | both     | serum 5                          | serum 5.99                                                  | SERUM: SD
not high serum, rise 1        | both     | serum 4.99                       | serum 5.99                                                  | SERUM: SD
urine rise 25%                | both     | serum 0, urine 1000              | serum 0, urine 1250                                         | URINE: PD
urine rise below 25%          | both     | serum 0, urine 1000              | serum 0, urine 1249                                         | URINE: SD
urine rise 200                | both     | serum 0, urine 200               | serum 0, urine 400                                          | URINE: PD
urine rise below 200          | both     | serum 0, urine 200               | serum 0, urine 399                                          | URINE: SD
light chains rise 25%         | both     | dark, kappa 101                  | kappa 126, lambda 1                                         | FLC_ONLY: PD
light chains rise below 25%   | both     | dark, kappa 101                  | kappa 125.9, lambda 1                                       | FLC_ONLY: SD
light chains rise 10          | both     | dark, kappa 11                   | kappa 21, lambda 1                                          | FLC_ONLY: SD
light chains rise above 10    | both     | dark, kappa 11                   | kappa 21.1, lambda 1                                        | FLC_ONLY: PD
light chains beside serum     | both     | serum 3, kappa 11, lambda 1      | serum 3, kappa 100, lambda 1                                | SERUM: SD
marrow rise 25%               | both     | dark, marrow 60                  | marrow 75                                                   | BM_ONLY: PD
marrow rise below 25%         | both     | dark, marrow 60                  | marrow 74.9                                                 | BM_ONLY: SD
marrow rise 10 points         | IMWG2016 | dark, marrow 30                  | marrow 40                                                   | BM_ONLY: PD
marrow rise below 10 points   | IMWG2016 | dark, marrow 30                  | marrow 39.9                                                 | BM_ONLY: SD
marrow 10%                    | IMWG2011 | dark, marrow 30                  | marrow 5 / marrow 10                                        | BM_ONLY: PR PD
marrow below 10%              | IMWG2011 | dark, marrow 30                  | marrow 5 / marrow 9.9                                       | BM_ONLY: PR PR
marrow 10% is no rise by 10   | IMWG2016 | dark, marrow 30                  | marrow 5 / marrow 10                                        | BM_ONLY: PR PR
plasmacytoma rise 50%         | both     | dark, spd 10                     | spd 15                                                      | PLASMACYTOMA_ONLY: PD
plasmacytoma rise below 50%   | both     | dark, spd 10                     | spd 14.9                                                    | PLASMACYTOMA_ONLY: SD
plasmacytoma comes back       | both     | serum 3, spd 10                  | serum 1.5, spd 0 / serum 1.5, spd 0.1                       | SERUM: PR PD
diameter rise 50%             | both     | serum 3, diameter 2, axis 1.05   | serum 3, diameter 3                                         | SERUM: PD
diameter rise below 50%       | both     | serum 3, diameter 2, axis 1.05   | serum 3, diameter 2.99                                      | SERUM: SD
short axis 1 cm               | both     | serum 3, diameter 2, axis 1      | serum 3, diameter 3                                         | SERUM: SD
new lesion                    | both     | serum 3                          | serum 1.5, imaging new                                      | SERUM: PD
circulating cells rise 50%    | both     | dark, circulating 1000           | circulating 1500                                            | NOT_MEASURABLE: PD
circulating rise below 50%    | both     | dark, circulating 1000           | circulating 1499                                            | NOT_MEASURABLE: NE
circulating cells rise 200    | both     | dark, circulating 200            | circulating 400                                             | NOT_MEASURABLE: PD
circulating rise below 200    | both     | dark, circulating 200            | circulating 399                                             | NOT_MEASURABLE: NE
"""

QUANTITIES = {
    "serum": ("serum-m-protein", "g/dL", "g/L"),
    "urine": ("urine-m-protein", "mg/24 h", "g/24 h"),
    "kappa": ("flc-kappa", "mg/dL", "mg/L"),
    "lambda": ("flc-lambda", "mg/dL", "mg/L"),
    "ratio": ("flc-ratio", "", ""),
    "marrow": ("marrow-plasma-cells", "%", "%"),
    "clonality": ("marrow-clonality-ratio", "", ""),
    "spd": ("plasmacytoma-spd", "cm^2", "mm^2"),
    "diameter": ("plasmacytoma-longest-diameter", "cm", "mm"),
    "axis": ("plasmacytoma-short-axis", "cm", "mm"),
    "circulating": ("circulating-plasma-cells", "cells/uL", "10^9/L"),
    "sife": ("serum-immunofixation", "", ""),
    "uife": ("urine-immunofixation", "", ""),
    "imaging": ("imaging", "", ""),
}
DARK = "serum 0, urine 0, kappa 1, lambda 1"
RESULTS = {"-": "negative", "+": "positive", "new": "new"}


def cases(version):
    """The lines of the table that are about a version, split into cells."""
    lines = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()[1:]]
    return [line for line in lines if len(line) == 5 and line[1] in ("both", version)]


def rows(version):
    """The cases as assessments: (patient, day, quantity, value, result), values in the units of the table."""
    found = []
    for name, _, baseline, visits, _ in cases(version):
        patient = f"{name} from {baseline}"
        for number, visit in enumerate([baseline, *visits.split("/")]):
            # What stands after `dark` replaces it.
            measured = dict(cell.split() for cell in visit.strip().replace("dark", DARK).split(", "))
            for short, text in measured.items():
                result = RESULTS.get(text)
                found.append((patient, 28 * number, short, None if result else float(text), result))
    return found


def expected(version):
    """For each case its patient, track and responses."""
    return {
        f"{name} from {baseline}": (answer.partition(": ")[0], answer.partition(": ")[2].split())
        for name, _, baseline, _, answer in cases(version)
    }
