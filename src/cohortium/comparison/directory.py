"""A results directory as a run wrote it: its table, its manifest and the study file it was made from."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cohortium.errors import UsageError
from cohortium.results import COLUMNS

if TYPE_CHECKING:
    import polars as pl

STUDY_FOLDER = "study"
"""Folder of a results directory with copies of the files that declare the study."""

_HINT = "name a directory that `cohortium run` wrote"


@dataclass(frozen=True, slots=True)
class ResultsDirectory:
    """What is compared of a run.

    table     the results table, a row per statistic
    manifest  hashes, versions and sites
    texts     the files that declare the study, by name; empty when an older version wrote no copies
    """

    path: Path
    table: pl.DataFrame = field(repr=False)
    manifest: Mapping[str, Any] = field(repr=False)
    texts: Mapping[str, str] = field(repr=False)

    @property
    def study(self) -> Mapping[str, Any]:
        """The study file as data; empty when there is no copy of it."""
        return tomllib.loads(self.texts["study.toml"]) if "study.toml" in self.texts else {}


def read_results(path: Path) -> ResultsDirectory:
    """Read a results directory.

    Raises
        UsageError: it is not one, or a file in it cannot be read.
    """
    import polars as pl

    try:
        manifest = json.loads((path / "manifest.json").read_bytes())
        _refuse_unless(path / "results.parquet", manifest["outputs"]["results.parquet"])
        table = pl.read_parquet(path / "results.parquet")
        names = manifest["inputs"]
    except FileNotFoundError as error:
        raise UsageError(f"{path}: holds no {Path(str(error.filename)).name}; {_HINT}") from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError, pl.exceptions.PolarsError):
        raise UsageError(f"{path}: its results cannot be read; {_HINT}") from None
    if missing := [column for column in COLUMNS if column not in table.columns]:
        raise UsageError(f"{path}: its results table has no column {missing[0]}; {_HINT}")
    copies = path / STUDY_FOLDER
    for name in names:
        if (copies / name).is_file():
            _refuse_unless(copies / name, names[name])
    texts = {name: (copies / name).read_text("utf-8-sig") for name in names if (copies / name).is_file()}
    return ResultsDirectory(path, table.select(COLUMNS), manifest, texts)


def _refuse_unless(file: Path, entry: Mapping[str, Any]) -> None:
    """UsageError where a file is not the one that the manifest names."""
    if hashlib.sha256(file.read_bytes()).hexdigest() != entry["sha256"]:
        raise UsageError(f"{file}: was changed since the run; run the study again")
