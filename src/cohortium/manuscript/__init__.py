"""A manuscript whose every number is a reference into the results table."""

from __future__ import annotations
