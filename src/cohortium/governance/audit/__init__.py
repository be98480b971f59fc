"""The append-only, hash-chained record of who did what: one file in the study directory.

entry.py    one entry and its line: canonical JSON with its own hash and that of the entry before it
walk.py     a file as a sequence of entries and faults, a line at a time
verify.py   every edited, deleted, inserted or reordered entry, and a tail that was cut
chain.py    appending under an exclusive lock; an incomplete last line is cut and the cut recorded
"""

from cohortium.governance.audit.chain import Chain, append, locked, utc_now
from cohortium.governance.audit.entry import AUDIT_FILE, NO_HEAD, Act, Entry
from cohortium.governance.audit.verify import Verified, head_of, read_entries, verify

__all__ = [
    "AUDIT_FILE",
    "NO_HEAD",
    "Act",
    "Chain",
    "Entry",
    "Verified",
    "append",
    "head_of",
    "locked",
    "read_entries",
    "utc_now",
    "verify",
]
