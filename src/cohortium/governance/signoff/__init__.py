"""Who may lock and sign what, and whether a signature still holds.

rules.py       states, transitions, owners, second persons and requirements: tables
decide.py      whether a person may do something to a thing, with the reason
standing.py    the state of a thing: what its entries in the audit chain make of its present files
things.py      what can be signed, as the files that it consists of
signers.py     signers.toml: who has which role
perform.py     decide and record, under the lock of the audit file
signatures.py  every signature with whether it is valid
state.py       locked and signed, site by site
diagram.py     the transition table as a drawing in text
"""
