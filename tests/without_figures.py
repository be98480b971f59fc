"""Studies that draw nothing or little: drawing is most of a run's time, and many tests look at something else."""

from __future__ import annotations

import re
from pathlib import Path


def without_figures(study: Path, *, but: str = "") -> Path:
    """The study in this directory, the figures taken out of its `study.toml`, but for one that is named."""
    path = study / "study.toml"
    text = path.read_text(encoding="utf-8")
    sections = re.findall(r"^\[\[figure\]\]\n(?:.+\n)*", text, flags=re.MULTILINE)
    kept = [section for section in sections if f'name = "{but}"' in section]
    assert len(sections) > len(kept) == bool(but)
    for section in sections:
        text = text if section in kept else text.replace(section, "")
    path.write_text(text, encoding="utf-8")
    return study
