"""A site's files: rows in the site's own words, units and forms, as bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cohortium.simulation.chart.rows import Cell, Chart, Row, date_on
from cohortium.simulation.draws import Draws
from cohortium.simulation.sites.columns import COLUMNS
from cohortium.simulation.sites.habits import Habits
from cohortium.study.quantities import QUANTITIES

FIRST_LINE = "# SIMULATED DATA: made by a random number generator. No patient, no institution."
_ROUNDED = {"umol/L": 0, "mmol/L": 2}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file before it is encoded: header and cells as text, and whose each row is.

    keys   (n,) study code of each row
    """

    table: str
    file: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]


def sheets_of(charts: Sequence[Chart], habits: Habits, seed: int) -> dict[str, Sheet]:
    """Every file of a site by table."""
    patients = [(chart.key, _as_known(chart, habits, seed)) for chart in charts]
    sheets = {"patients": _sheet("patients", patients, habits)}
    for table in ("therapies", "events", "responses"):
        rows = [(chart.key, {"patient": chart.key, **row}) for chart in charts for row in getattr(chart, table)]
        sheets[table] = _sheet(table, rows, habits)
    sheets["assessments"] = (
        _wide(charts, habits) if habits.is_wide else _sheet("assessments", _long(charts, habits), habits)
    )
    return sheets


def encoded(sheet: Sheet, habits: Habits) -> bytes:
    """The bytes of a file; its first line says that it is simulated."""
    text = io.StringIO()
    text.write(f"{FIRST_LINE}\n")
    lines = csv.writer(text, delimiter=habits.delimiter, lineterminator="\n")
    lines.writerow(sheet.header)
    lines.writerows(sheet.cells)
    # With a byte-order mark that does not depend on the machine.
    return (
        ("\ufeff" + text.getvalue()).encode("utf-16-le")
        if habits.encoding == "utf-16"
        else text.getvalue().encode(habits.encoding)
    )


def written(cell: Cell, habits: Habits, codes: Mapping[str, str]) -> str:
    """A cell as the site writes it."""
    if cell is None or cell == "":
        return habits.missing
    if isinstance(cell, dt.date):
        return _date(cell, habits.date_form)
    if isinstance(cell, str):
        return codes.get(cell, cell)
    text = format(Decimal(repr(cell)).normalize(), "f")
    return text.replace(".", ",") if habits.has_decimal_comma else text


def _date(day: dt.date, form: str) -> str:
    # Not strftime, which depends on the platform for early years.
    return form.replace("%Y", f"{day.year:04d}").replace("%m", f"{day.month:02d}").replace("%d", f"{day.day:02d}")


def in_unit(value: float, quantity: str, unit: str) -> float:
    """A value of the quantity's own unit in another unit."""
    factor = QUANTITIES[quantity].factor(unit) or 1.0
    if unit in _ROUNDED:
        return round(value / factor, _ROUNDED[unit])
    return float(Decimal(repr(value)) / Decimal(repr(factor)))


def _sheet(table: str, rows: Iterable[tuple[str, Row]], habits: Habits) -> Sheet:
    columns = COLUMNS[table]
    if table == "assessments" and not habits.names_units:
        columns = tuple(name for name in columns if name != "unit")
    codes = [habits.codes(table, name) for name in columns]
    keys, cells = [], []
    for key, row in rows:
        keys.append(key)
        cells.append(tuple(written(row.get(name), habits, own) for name, own in zip(columns, codes, strict=True)))
    header = tuple(habits.column(table, name) for name in columns)
    return Sheet(table, habits.file(table), header, columns, tuple(cells), tuple(keys))


def _as_known(chart: Chart, habits: Habits, seed: int) -> Row:
    """The patient's row with what the site knows, in its units."""
    draws = Draws(seed, "known", chart.key)
    row = dict(chart.patient)
    is_well = row["ecog"] == 0
    for name in COLUMNS["patients"]:
        share = habits.left_out.get(name, 0.0) + habits.left_out_if_well.get(name, 0.0) * (3 if is_well else 1)
        if draws.chance(share):
            row[name] = None
    for name, (quantity, unit) in habits.patient_units.items():
        value = row[name]
        if isinstance(value, int | float):
            row[name] = in_unit(float(value), quantity, unit)
    return row


def _long(charts: Sequence[Chart], habits: Habits) -> Iterable[tuple[str, Row]]:
    for chart in charts:
        for one in chart.assessments:
            unit = habits.units.get(one.quantity, QUANTITIES[one.quantity].unit)
            numbers = {"value": one.value, "lower_limit": one.lower, "upper_limit": one.upper}
            converted = {
                name: None if value is None else in_unit(value, one.quantity, unit) for name, value in numbers.items()
            }
            yield chart.key, {
                "patient": chart.key, "day": date_on(chart.realized, one.day), "quantity": one.quantity, "result": one.result,
                "method": one.method, "unit": unit if one.value is not None else "", "spurious": "yes" if one.is_spurious else "",
                **converted,
            }  # fmt: skip


def _wide(charts: Sequence[Chart], habits: Habits) -> Sheet:
    """One row a patient and day, a column for each quantity; what is flagged as spurious is left out."""
    quantities = wide_quantities(charts)
    words, results = habits.codes("assessments", "quantity"), habits.codes("assessments", "result")
    keys, cells = [], []
    for chart in charts:
        days: dict[int, dict[str, str]] = {}
        for one in chart.assessments:
            if one.is_spurious:
                continue
            unit = habits.units.get(one.quantity, "")
            cell: Cell = one.result if one.value is None else in_unit(one.value, one.quantity, unit)
            days.setdefault(one.day, {})[one.quantity] = written(cell, habits, results)
        for day, found in sorted(days.items()):
            keys.append(chart.key)
            date = written(date_on(chart.realized, day), habits, {})
            cells.append((chart.key, date, *(found.get(quantity, habits.missing) for quantity in quantities)))
    header = (habits.column("assessments", "patient"), habits.column("assessments", "day"))
    columns = ("patient", "day", *quantities)
    names = (*header, *(words.get(quantity, quantity) for quantity in quantities))
    return Sheet("assessments", habits.file("assessments"), names, columns, tuple(cells), tuple(keys))


def wide_quantities(charts: Sequence[Chart]) -> tuple[str, ...]:
    """Quantities that the site measures, in the order of the code list."""
    seen = {one.quantity for chart in charts for one in chart.assessments}
    return tuple(name for name in QUANTITIES if name in seen)
