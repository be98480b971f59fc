"""Competing risks: several events of which the first that happens ends the follow-up.

states.py   rows counted by group, time and how the follow-up ended: the totals of both methods
incidence/  Aalen-Johansen cumulative incidence, `cumulative-incidence`
gray/       Gray's test of equal cumulative incidence, `gray`
"""
