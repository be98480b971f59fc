"""The built-in design: teclistamab by soft-tissue plasmacytoma, 385 patients at 13 of 15 centers, with its published targets.

Published: doi 10.1038/s41408-025-01414-6 (groups, response, survival, follow-up) and 10.1038/s41408-025-01314-9 (prior BCMA-directed
therapy). The two do not agree to the patient: 38%, 54.1% and 62.4% of the group sizes are not all possible counts, and no counts at
or below them add up to the 212 responders of the other paper. The 94 of 193 and 118 of 192 are counts, so they are met exactly; the
groups then have 41 of 109 (37.6%), 18 of 33 (54.5%) and 153 of 243 (63.0%), each within 0.6 points of the published rate. How the
groups divide by prior therapy, survival at 12 months without plasmacytoma, the centers' sizes and all names are made up. Shares of
patients with CRS, ICANS and infections are those of 509 patients of the same consortium (Razzo, Blood Cancer Discovery 2025).
"""

from __future__ import annotations

import datetime as dt

from cohortium.simulation.design.model import (
    AboutDesign,
    Design,
    EthicsState,
    Group,
    Overall,
    PriorBcma,
    SimulatedSite,
    Toxicity,
)

_SITES: tuple[tuple[str, int, str, EthicsState], ...] = (
    ("Alder", 52, "redcap", "approved"),
    ("Birch", 47, "european", "approved"),
    ("Cedar", 41, "wide", "reliance"),
    ("Dogwood", 38, "terse", "approved"),
    ("Elm", 35, "metric", "exempt"),
    ("Fir", 31, "tabbed", "reliance"),
    ("Ginkgo", 29, "legacy", "approved"),
    ("Hazel", 27, "spoken", "approved"),
    ("Ironwood", 23, "wide-european", "exempt"),
    ("Juniper", 20, "registry", "approved"),
    ("Katsura", 17, "dotted", "reliance"),
    ("Larch", 14, "shouting", "approved"),
    ("Maple", 11, "plain", "exempt"),
    ("Nutmeg", 16, "european", "expired"),
    ("Oak", 12, "terse", "missing"),
)

REFERENCE = Design(
    design=AboutDesign(
        name="teclistamab-plasmacytoma",
        title="Teclistamab in relapsed or refractory multiple myeloma by soft-tissue plasmacytoma (simulated)",
        sources=("doi 10.1038/s41408-025-01414-6", "doi 10.1038/s41408-025-01314-9"),
        first_dose_from=dt.date(2022, 11, 7),
        first_dose_to=dt.date(2023, 9, 29),
        data_cutoff=dt.date(2024, 4, 30),
    ),
    group=(
        Group(
            plasmacytoma="emd", n_prior_bcma=60, n_no_prior_bcma=49, responders_prior_bcma=19, responders_no_prior_bcma=22,
            published_response=0.38, pfs_months=1.4, os_months=9.54,
        ),
        Group(
            plasmacytoma="psk", n_prior_bcma=17, n_no_prior_bcma=16, responders_prior_bcma=8, responders_no_prior_bcma=10,
            published_response=0.541, pfs_months=6.51, os_months=13.1,
        ),
        Group(
            plasmacytoma="none", n_prior_bcma=116, n_no_prior_bcma=127, responders_prior_bcma=67, responders_no_prior_bcma=86,
            published_response=0.624, pfs_months=8.95, os_at_12_months=0.66,
        ),
    ),
    overall=Overall(
        follow_up_months=9.9, pfs_months_prior_bcma=4.6, pfs_months_no_prior_bcma=8.2, median_age=68, share_women=0.47,
        share_non_white=0.34, share_penta_refractory=0.37,
    ),
    prior_bcma=PriorBcma(adc_only=47, car_t_only=99, adc_and_car_t=36, bispecific_only=6, other=5),
    toxicity=Toxicity(),
    site=tuple(
        SimulatedSite(
            id=f"site-{number:02d}", name=f"{tree} Cancer Center", city=f"{tree} City", n_patients=n, habits=habits,
            ethics=ethics, is_extra=ethics in {"expired", "missing"},
        )
        for number, (tree, n, habits, ethics) in enumerate(_SITES, start=1)
    ),
)  # fmt: skip
"""The design that `cohortium simulate` uses when none is given."""
