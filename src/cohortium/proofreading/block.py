"""A piece of a manuscript with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading or a row of a table.

    place   where it is, as a finding prints it
    text    its words
    """

    place: str
    text: str
