"""A design as TOML: what `--design` reads."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cohortium.simulation.design.model import Design


def design_text(design: Design) -> str:
    """The whole design; reading it gives the same design."""
    lines: list[str] = []
    for name, section in design.model_dump(exclude_none=True).items():
        for one in section if isinstance(section, tuple) else (section,):
            lines += ["", f"[[{name}]]" if isinstance(section, tuple) else f"[{name}]", *_keys(one)]
    return "\n".join(lines[1:]) + "\n"


def _keys(section: Mapping[str, Any]) -> Iterator[str]:
    for key, value in section.items():
        yield f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)
