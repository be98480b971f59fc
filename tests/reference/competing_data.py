"""The data sets of competing risks, and what R made of them for these tests."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

FILES = {
    "mgus2": "survival/mgus2.csv",
    "pbc": "survival/pbc.csv",
    "bmt": "textbook/KMsurv_bmt.csv",
    "crr": "textbook/casebase_bmtcrr.csv",
    "pbc3": "multicentre/pec_Pbc3.csv",
}


def competing_frame(folder: Path, name: str) -> pl.DataFrame:
    """A data set with columns `time` and `end`: 0 censored, 1 or 2 the cause."""
    frame = pl.read_csv(folder / FILES[name], null_values=["NA", ""], infer_schema_length=None)
    col = pl.col
    if name == "mgus2":
        progressed = col("pstat") == 1
        return frame.with_columns(
            time=pl.when(progressed).then("ptime").otherwise("futime"),
            end=pl.when(progressed).then(1).otherwise(2 * col("death")),
            male=(col("sex") == "M").cast(pl.Int64),
        )
    if name == "pbc":
        return frame.filter(col("trt").is_not_null()).with_columns(end="status")
    if name == "bmt":
        end = pl.when(col("d2") == 1).then(1).when(col("d1") == 1).then(2).otherwise(0)
        levels = {f"g{g}": (col("group") == g).cast(pl.Int64) for g in (2, 3)}
        return frame.with_columns(time="t2", end=end, z1c=col("z1") - 28, **levels)
    if name == "crr":
        flags = {level: col("Phase") == level for level in ("CR1", "CR2", "CR3")}
        flags |= {"SexF": col("Sex") == "F", "AML": col("D") == "AML", "PB": col("Source") == "PB"}
        return frame.with_columns(
            time="ftime", end="Status", **{flag: value.cast(pl.Int64) for flag, value in flags.items()}
        )
    return frame.with_columns(time="days", end="status", logbili=col("bili").log())


@cache
def made_by_r() -> dict[str, Any]:
    """What `competing.R` made."""
    return dict(json.loads(Path(__file__).with_name("competing.json").read_text()))
