"""Governance: ethics decisions, people, competing interests, sign-offs and the audit chain; pure, no web, no database.

ethics        whether a site's data may be used on a day, with the reason
people        authors and what each must have said, declared and confirmed
frontmatter   reading the front and back matter of an article into proposals
statements    text and XML of the front and back matter, each sentence from records
signoff       who may lock and sign what, and whether a signature still holds
audit         the append-only, hash-chained record of who did what
"""
