"""Two runs compared: what changed, by how much, and why."""

import json
import shutil

import polars as pl
import pytest
from typer.testing import CliRunner

from cohortium.cli.commands import app
from cohortium.comparison import causes_of, changes_between, read_results
from cohortium.errors import UsageError
from cohortium.results import Results, Statistic


def table(*statistics):
    return Results(statistics).to_frame()


def test_each_kind_of_change():
    kept = Statistic("a", "cox", "n", 3.0, n=3)
    before = table(kept, Statistic("a", "cox", "hazard-ratio", 2.0, lower=1.0), Statistic("a", "cox", "gone", 1.0))
    after = table(kept, Statistic("a", "cox", "hazard-ratio", 2.5, lower=1.0), Statistic("b", "cox", "new", None))
    found = changes_between(before, after)
    assert [(c.kind, c.name, dict(c.before), dict(c.after), c.difference) for c in found] == [
        ("changed", "a | hazard-ratio", {"value": 2.0}, {"value": 2.5}, 0.5),
        ("added", "b | new", {}, {}, None),
        ("removed", "a | gone", {"value": 1.0}, {}, None),
    ]


def test_rows_with_one_key_are_told_apart_by_their_order():
    rows = [Statistic("a", "flow", "n", float(i)) for i in range(3)]
    assert changes_between(table(*rows), table(*rows)) == ()
    assert len(changes_between(table(*rows), table(*rows[::-1]))) == 2


@pytest.mark.parametrize(("tolerance", "n_changes"), [(0.0, 1), (1e-9, 0)])
def test_tolerance_is_relative(tolerance, n_changes):
    before, after = table(Statistic("a", "m", "s", 1e6)), table(Statistic("a", "m", "s", 1e6 + 1e-4))
    assert len(changes_between(before, after, tolerance)) == n_changes


def test_what_is_zero_but_for_rounding_is_no_change():
    before, after = table(Statistic("a", "m", "s", 3e-17)), table(Statistic("a", "m", "s", -1e-16))
    assert [len(changes_between(before, after, tolerance)) for tolerance in (0.0, 1e-9)] == [1, 0]
    tiny = table(Statistic("a", "m", "p-value", 1e-20)), table(Statistic("a", "m", "p-value", 2e-20))
    assert len(changes_between(*tiny, 1e-9)) == 0


def test_a_number_that_came_to_be_missing_is_a_change():
    (change,) = changes_between(
        table(Statistic("a", "m", "s", 1.0)), table(Statistic("a", "m", "s", None, warning="not reached"))
    )
    assert (dict(change.after), change.difference) == ({"value": None, "warning": "not reached"}, None)


@pytest.fixture(scope="module")
def runs(starter, tmp_path_factory):
    """The starter study, and the same with a shorter list of months in one analysis and a row less at one site."""
    folder = tmp_path_factory.mktemp("diff")
    (folder / "a").symlink_to(starter / "results")
    command = CliRunner()
    shutil.copytree(starter, folder / "other", ignore=shutil.ignore_patterns("results"))
    text = (folder / "other" / "study.toml").read_text(encoding="utf-8")
    (folder / "other" / "study.toml").write_text(
        text.replace("at_months = [6, 12, 24]", "at_months = [6, 12]", 1), "utf-8"
    )
    site = next((folder / "other" / "sites" / "site-02").glob("*.csv"))
    site.write_text("".join(site.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    assert command.invoke(app, ["run", str(folder / "other"), "--out", str(folder / "b")]).exit_code == 0
    return folder


def test_causes_name_the_site_and_the_line(runs):
    before, after = read_results(runs / "a"), read_results(runs / "b")
    causes = causes_of(before, after)
    assert [(s.site, s.kind, s.n_before - s.n_after) for s in causes.sites] == [("site-02", "changed", 1)]
    assert [line.split(": ", 1)[1] for line in causes.lines] == [
        "- at_months = [6, 12, 24]",
        "+ at_months = [6, 12]",
    ]
    changed = [name for name, elements in causes.reached.items() if name and elements]
    assert len(changed) == 1
    number = causes.lines[-1].split(":")[1]
    assert causes.of(changed[0]) == ("data of site-02 (changed)", f"analysis {changed[0]} (study.toml:{number})")
    assert causes.whole == ()


def test_the_command(runs):
    command = CliRunner()
    same = command.invoke(app, ["diff", str(runs / "a"), str(runs / "a")])
    assert (same.exit_code, same.output) == (0, "No statistic changed.\n")
    result = command.invoke(app, ["diff", str(runs / "a"), str(runs / "b"), "--out", str(runs / "changes.csv")])
    assert result.exit_code == 1
    assert "site site-02: changed; rows" in result.output
    assert "because of data of site-02 (changed)" in result.output
    listed = pl.read_csv(runs / "changes.csv")
    assert listed.columns == ["change", "statistic", "column", "before", "after"]
    data = json.loads(command.invoke(app, ["diff", str(runs / "a"), str(runs / "b"), "--json"]).output)
    assert len(data["changes"]) == listed.height


def test_what_is_not_a_results_directory(tmp_path):
    with pytest.raises(UsageError, match=r"holds no manifest\.json"):
        read_results(tmp_path)
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be read"):
        read_results(tmp_path)


def test_results_that_were_changed_since_the_run_are_refused(runs, tmp_path):
    for name in ("results.parquet", "study/study.toml"):
        shutil.copytree(runs / "a", tmp_path / "copy", dirs_exist_ok=True)
        with (tmp_path / "copy" / name).open("ab") as stream:
            stream.write(b"# more")
        with pytest.raises(UsageError, match=f"{name}: was changed since the run"):
            read_results(tmp_path / "copy")
        (tmp_path / "copy" / "results.parquet").unlink()


def test_bars_of_single_patients_are_counted_and_never_shown():
    def bar(value, group="A"):
        return Statistic("w", "individual-courses", "change", value, group=group, level="PR", time=value)

    found = changes_between(table(bar(-51.0), bar(-17.0)), table(bar(-51.0), bar(-23.0), bar(-29.0)))
    (change,) = found
    assert (dict(change.before), dict(change.after)) == ({"single patients": 1}, {"single patients": 2})
    assert not [number for number in ("17", "23", "29", "51") if number in repr(change)]
    assert changes_between(table(bar(-51.0), bar(-17.0)), table(bar(-17.0), bar(-51.0))) == ()
