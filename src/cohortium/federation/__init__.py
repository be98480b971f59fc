"""Federation: the one loop (`estimate`), the one door (`answer`) and the transports between them.

No module here knows a statistic; no statistic knows a module here.
"""
