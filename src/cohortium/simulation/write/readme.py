"""`README.md` of a simulated study."""

from __future__ import annotations

from cohortium.simulation.design.model import Design

_TEXT = """\
# {title}

**Simulated.** A random number generator made every patient in this directory; every institution, board and decision is made
up. No number here is evidence of anything. Seed {seed}; {n} patients at {n_sites} sites, and {n_extra} at sites whose ethics
decision is missing or has expired, so that their data are not used.

The patients were made towards published aggregates{sources}. What was aimed at and what was reached is in
`answer-key/simulated-targets.csv`; the truth of each patient and visit in `simulated-truth.csv` and `simulated-visits.csv`
there; planted faults in `simulated-defects.csv`; the design in `simulated-design.toml`, which `cohortium simulate --design`
reads.

Each site writes its files its own way: `sites/<id>/mapping.toml` says how.
"""


def readme_text(design: Design, seed: int) -> str:
    """The whole page."""
    extra = sum(site.n_patients for site in design.site if site.is_extra)
    sources = f" ({'; '.join(design.design.sources)})" if design.design.sources else ""
    n_sites = sum(not site.is_extra for site in design.site)
    return _TEXT.format(
        title=design.design.title, seed=seed, n=design.n_patients, n_sites=n_sites, n_extra=extra, sources=sources
    )
