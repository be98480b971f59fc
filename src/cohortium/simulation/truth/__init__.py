"""The simulator's own truth: response, confirmation and medians in plain Python, a patient at a time.

Written from the criteria alone and independent of the program's derivations, so that the two can be held against each other.
"""
