"""Sphinx configuration. The build needs no network, and neither do the pages: formulas are MathML."""

from __future__ import annotations

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "_ext"))

project = "Cohortium"
author = "The Cohortium developers"
project_copyright = "2026, the Cohortium developers"
version = release = installed_version("cohortium")

extensions = ["myst_parser", "offline_math", "reference_pages", "closed_forms"]
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build", "_ext", "reference/generated", "validation/generated"]
html_math_renderer = "mathml"
html_theme = "furo"
html_title = f"Cohortium {release}"
html_static_path = ["_static"]
html_css_files = ["math.css"]
html_copy_source = False
html_show_sourcelink = False
nitpicky = True
