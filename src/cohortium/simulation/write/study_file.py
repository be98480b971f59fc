"""`study.toml` of a simulated study: a short one that runs."""

from __future__ import annotations

import datetime as dt

from cohortium.simulation.design.model import Design, SimulatedSite
from cohortium.simulation.sites.mapping import quoted
from cohortium.simulation.sites.render import FIRST_LINE

_HEAD = """\
{first_line}
# A short study on simulated patients. Check it with `cohortium check .`, run it with `cohortium run .`.

[study]
name = {name}
title = {title}
summary = "Simulated patients: a random number generator made them towards published aggregates. No number here is evidence."
data_cutoff = {cutoff}
data_kind = "de-identified"

[time]
origin = "first_dose"
origin_label = "first step-up dose"
horizon_days = 1825

[data]
file = "simulated-patients.csv"
key = "patient_id"

[[data.table]]
name = "therapies"
file = "simulated-therapies.csv"

[[data.table]]
name = "assessments"
file = "simulated-assessments.csv"

[[data.table]]
name = "events"
file = "simulated-events.csv"

[[data.table]]
name = "responses"
file = "simulated-responses.csv"
"""

_BODY = """
[cohort]
label = "Analyzed"

[[cohort.step]]
label = "Received at least one dose"
where = "n_doses >= 1"
excluded = "Never treated"

[[derive]]
name = "plasmacytoma"
label = "Soft-tissue plasmacytoma"
cases = [
  { level = "true EMD", where = 'extramedullary == "yes"' },
  { level = "PSK", where = 'paraskeletal == "yes"' },
  { level = "none", otherwise = true },
]

[[derive]]
name = "died_of_progression"
label = "Died of progression"
cases = [
  { level = "Yes", where = 'death_cause == "progression"' },
  { level = "No", otherwise = true },
]

[[derive]]
name = "response"
label = "Best response"
rule = "imwg-response"
compare_with_site = true

[[derive]]
name = "pfs"
label = "Progression-free survival"
rule = "time-to-event"
endpoint = "pfs"
response = "response"
death_date = "death_date"
last_contact_date = "last_contact"

[[endpoint]]
name = "pfs_time"
label = "Progression-free survival"
time = "pfs_days"
event_where = 'pfs_event != "censored"'

[[endpoint]]
name = "os"
label = "Overall survival"
event = ["death_date"]
censor = "last_contact"

[[analysis]]
name = "baseline"
method = "baseline"
by = "plasmacytoma"
variables = ["age", "sex", "race", "ecog", "prior_lines", "prior_bcma", "ldh", "b2_microglobulin", "del17p"]

[[analysis]]
name = "response-rate"
method = "response-rates"
variable = "response"
outcomes = [
  { label = "Overall response", levels = ["sCR", "CR", "VGPR", "PR"] },
  { label = "VGPR or better", levels = ["sCR", "CR", "VGPR"] },
  { label = "CR or better", levels = ["sCR", "CR"] },
]
not_evaluable = ["NE"]
by = "plasmacytoma"

[[analysis]]
name = "pfs-by-plasmacytoma"
method = "kaplan-meier"
endpoint = "pfs_time"
by = "plasmacytoma"
at_months = [6, 12]

[[analysis]]
name = "os-by-plasmacytoma"
method = "kaplan-meier"
endpoint = "os"
by = "plasmacytoma"
at_months = [6, 12]

[[analysis]]
name = "follow-up"
method = "kaplan-meier"
endpoint = "os"
reverse = true

[[table]]
name = "table-1-baseline"
kind = "baseline"
analyses = ["baseline"]
title = "Baseline characteristics by plasmacytoma (simulated)"

[[table]]
name = "table-2-response"
kind = "response"
analyses = ["response-rate"]
title = "Response by plasmacytoma (simulated)"

[[table]]
name = "table-3-survival"
kind = "survival"
analyses = ["pfs-by-plasmacytoma", "os-by-plasmacytoma", "follow-up"]
title = "Survival and follow-up (simulated)"

[[figure]]
name = "figure-1-flow"
kind = "flow"
title = "Flow of patients (simulated)"

[[figure]]
name = "figure-2-pfs"
kind = "kaplan-meier"
analysis = "pfs-by-plasmacytoma"
title = "Progression-free survival by plasmacytoma (simulated)"
"""


def study_text(design: Design) -> str:
    """The whole study file."""
    about = design.design
    head = _HEAD.format(
        first_line=FIRST_LINE, name=quoted(about.name), title=quoted(about.title), cutoff=about.data_cutoff
    )
    lead = next((site.id for site in design.site if site.ethics == "approved"), None)
    return head + sites_text(design, lead) + _BODY


def sites_text(design: Design, lead: str | None) -> str:
    """The `[[site]]` sections with their ethics decisions.

    lead   id of the site on whose decision others rely; None for none
    """
    return "".join(_site(site, number, design, lead) for number, site in enumerate(design.site, start=1))


def _site(site: SimulatedSite, number: int, design: Design, lead: str | None) -> str:
    head = f"\n[[site]]\nid = {quoted(site.id)}\nname = {quoted(site.name)}\ncity = {quoted(site.city)}\n"
    if site.ethics == "missing":
        return f"{head}# No ethics decision is recorded: the data of this site are not used.\n"
    approved = design.design.data_cutoff - dt.timedelta(days=200 + 9 * number)
    expires = f"expires = {approved + dt.timedelta(days=365)}\n" if site.ethics == "expired" else ""
    decision = {"expired": "approved"}.get(site.ethics, site.ethics)
    if decision == "reliance" and lead is None:
        decision = "approved"
    relies = f"relies_on = {quoted(lead)}\n" if decision == "reliance" and lead else ""
    exempt = decision == "exempt"
    consent, basis = ("not-required", "45 CFR 46.104(d)(4)") if exempt else ("waived", "45 CFR 46.116(f)")
    return (
        f"{head}\n[site.ethics]\nboard = {quoted(f'Simulated Review Board of {site.name}')}\ndecision = {quoted(decision)}\n"
        f"{relies}number = {quoted(f'SIM-{number:04d}')}\napproved = {approved}\n{expires}"
        f"consent = {quoted(consent)}\nconsent_basis = {quoted(f'{basis}; simulated')}\n"
    )
