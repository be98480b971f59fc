"""An archive for reviewers holds no value of one patient unless it is asked for."""

import io

import polars as pl

from cohortium.cli.single_patients import single_patient_figures, without_single_patients
from cohortium.report.render.csv import lines
from cohortium.results import COLUMNS, Results, Statistic

STUDY = {"figure": [{"name": "bars", "kind": "waterfall"}, {"name": "flow", "kind": "flow"}]}
DATA = '<details class="figure-data">d</details><script type="application/json">{}</script>'
PAGE = f'<figure id="figure-bars">{DATA.format("[-73.25]")}<img></figure><figure id="figure-flow">{DATA.format("[1]")}</figure>'


def test_rows_data_and_the_page_are_without_the_bars():
    kept = Statistic("w", "individual-courses", "n", 2.0)
    frame = Results([kept, Statistic("w", "individual-courses", "change", -73.25, level="PR")]).to_frame()
    parquet = io.BytesIO()
    frame.write_parquet(parquet)
    contents = {
        "results.csv": lines([COLUMNS, *frame.iter_rows()]).encode(),
        "results.parquet": parquet.getvalue(),
        "report.html": PAGE.encode(),
        "figures/bars.csv": b"group,bar,change_percent\nA,1,-73.25\n",
        "figures/bars.svg": b"<svg/>",
    }
    assert single_patient_figures(STUDY) == ("bars",)
    found = without_single_patients(contents, ("bars",))
    assert set(found) == set(contents) - {"figures/bars.csv"}
    assert not [name for name, data in found.items() if b"73.25" in data]
    assert found["results.csv"].decode() == lines([COLUMNS, *Results([kept]).to_frame().iter_rows()])
    assert pl.read_parquet(found["results.parquet"]).equals(Results([kept]).to_frame())
    assert found["report.html"].decode() == (
        f'<figure id="figure-bars"><img></figure><figure id="figure-flow">{DATA.format("[1]")}</figure>'
    )
