"""Everything else that a chart holds: who the patient is, earlier therapies, blood counts, adverse events, the site's own calls."""
