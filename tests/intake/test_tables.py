"""Tables with several rows a patient: columns, codes, days, units, and everything that is asked about a row."""

import pytest

from cohortium.errors import SiteDataError

PATIENTS = "id,start,albumin\nP1,2023-01-01,\nP2,2023-02-01,\nP3,,\n"
TIME = 'origin = "start"\nhorizon_days = 1000'


@pytest.fixture
def read(small, as_field):
    """Read tables given by name; patients are P1 and P2, and P3 without a day 0."""

    def run(patients=PATIENTS, mapping="", data="", **tables):
        fields = {
            "start": as_field("date_ymd"),
            "albumin": as_field("number_1dp", field_note="g/L", text_validation_max="60"),
        }
        declared = "".join(f'\n[[data.table]]\nname = "{name}"\n' for name in tables)
        directory = small.directory / "sites" / "site-01"
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in tables.items():
            if text is not None:
                (directory / f"{name}.csv").write_text(text, encoding="utf-8")
        if mapping:
            (directory / "mapping.toml").write_text(mapping, encoding="utf-8")
        return small.read(fields, patients, data=data + declared, time=TIME, study="data_cutoff = 2024-04-30")

    return run


def rules(intake):
    return [(query.line, query.variable, query.rule) for query in intake.queries if query.file.endswith("s.csv")]


def assessments(*rows):
    return "patient,day,quantity,value,unit,result\n" + "\n".join(rows) + "\n"


def test_days_are_counted_from_the_patients_own_origin(read):
    table = read(assessments=assessments("P1,2023-01-31,albumin,3.5,g/dL,", "P2,2023-01-31,albumin,3.5,,"))
    assert table.tables.frame("assessments")["day"].to_list() == [30, -1]


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "expected"),
    [
        ("albumin", "35", "g/L", 3.5),
        ("albumin", "3.5", "", 3.5),
        ("platelets", "75000", "/uL", 75.0),
        ("flc-kappa", "101", "mg/L", 10.1),
        ("urine-m-protein", "0.2", "g/24 h", 200.0),
        ("flc-ratio", "1.65", "", 1.65),
    ],
)
def test_a_value_is_in_the_unit_of_its_quantity(read, quantity, value, unit, expected):
    table = read(assessments=assessments(f"P1,2023-01-31,{quantity},{value},{unit},"))
    assert table.tables.frame("assessments")["value"].to_list() == [expected]


def test_everything_is_asked_at_once(read):
    table = read(
        assessments=assessments(
            "P1,2023-01-31,albumin,35,stone,",
            "P9,2023-01-31,albumin,35,g/L,",
            "P1,31.1.2023,albumin,35,g/L,",
            "P1,2024-05-01,albumin,35,g/L,",
            "P1,2023-01-31,albumen,x,g/L,none",
            "P3,2023-01-31,albumin,35,g/L,",
            ",2023-01-31,albumin,35,g/L,",
            "P2,,albumin,35,g/L,",
        )
    )
    assert [found for found in rules(table) if found[0]] == [
        (2, "unit", "unknown-unit"),
        (3, "patient", "unknown-patient"),
        (4, "day", "not-a-date"),
        (5, "day", "after-cutoff"),
        (6, "quantity", "unknown-level"),
        (6, "value", "not-a-number"),
        (6, "result", "unknown-level"),
        (7, "start", "origin-missing"),
        (8, "patient", "key-missing"),
        (9, "day", "required-missing"),
    ]
    printed = " ".join(map(str, table.queries))
    assert not any(value in printed for value in ("stone", "albumen", "31.1.2023", "none"))
    assert "expected a unit of Albumin: one of g/dL, g/L, mg/dL" in printed


def test_a_row_that_is_there_twice_is_read_once(read):
    row = "P1,2023-01-31,albumin,35,g/L,"
    table = read(assessments=assessments(row, row))
    assert table.tables.frame("assessments").height == 1
    assert rules(table) == [(3, "", "duplicate-row")]
    assert not any(query.is_error for query in table.queries)


def test_types_of_every_kind(read):
    events = (
        "id,term,onset,grade,tocilizumab,outcome\nP1,CRS,2023-01-03,2,Yes,recovered\nP1,icans,2023-01-04,1,1,ongoing\n"
    )
    table = read(events=events.replace("Yes", "yes"))
    frame = table.tables.frame("events")
    assert frame.select("patient", "term", "onset", "grade", "tocilizumab").rows() == [
        ("P1", "crs", 2, 2, True),
        ("P1", "icans", 3, 1, True),
    ]
    assert frame["hospitalized"].null_count() == 2


def test_the_cutoff_of_the_site_comes_first(small, as_field):
    (small.directory / "sites" / "site-01").mkdir(parents=True)
    site = "data_cutoff = 2023-06-30\n"
    read = small.read({"start": as_field("date_ymd")}, "id,start\nP1,2023-07-01\n", time=TIME, site_lines=site)
    assert [query.rule for query in read.queries] == ["after-cutoff"]


def test_a_table_that_is_missing_is_a_problem_unless_it_is_optional(read):
    with pytest.raises(SiteDataError, match=r"sites/site-01/events\.csv: the file is missing"):
        read(events=None)


def test_an_optional_table_without_a_file_has_no_rows(small, as_field):
    data = '\n[[data.table]]\nname = "events"\noptional = true\n'
    read = small.read({"start": as_field("date_ymd")}, "id,start\nP1,2023-07-01\n", time=TIME, data=data)
    assert read.tables.frame("events").height == 0
    assert [(query.rule, query.severity) for query in read.queries] == [("table-absent", "note")]


def test_columns_that_are_missing_or_unknown(read):
    with pytest.raises(SiteDataError) as caught:
        read(assessments="patient,dya,quantity\nP1,2023-01-31,albumin\n", events="patient,onset\nP1,2023-01-31\n")
    assert [str(problem) for problem in caught.value.problems] == [
        "sites/site-01/assessments.csv:1: the column 'day' is missing (did you mean 'dya'?)",
        (
            "sites/site-01/events.csv:1: the column 'term' is missing "
            "(export the rows again with this column, or name the site's column in mapping.toml)"
        ),
    ]


def test_every_file_is_recorded(read):
    table = read(assessments=assessments("P1,2023-01-31,albumin,35,g/L,"), mapping="[patients]\n")
    assert [source.path.rpartition("/")[2] for source in table.more] == ["assessments.csv", "mapping.toml"]


WIDE = """\
[assessments]
date_order = "dmy"
decimal_comma = true
delimiter = ";"
missing_codes = ["nb"]
[assessments.columns]
patient = "Pat"
day = "Datum"
[assessments.codes.result]
"neg" = "negative"
[assessments.wide]
"M" = { quantity = "serum-m-protein", unit = "g/L" }
"Alb" = { quantity = "albumin" }
"IFE" = { quantity = "serum-immunofixation", holds = "result" }
[assessments.units]
albumin = "g/L"
"""


def test_a_file_with_a_column_for_each_quantity(read):
    text = "Pat;Datum;M;Alb;IFE\nP1;1.2.2023;34,5;35;\nP2;1/3/2023;nb;;neg\n"
    table = read(assessments=text, mapping=WIDE)
    assert table.queries == ()
    assert table.tables.frame("assessments").select(
        "patient", "day", "quantity", "value", "result", "#line"
    ).rows() == [
        ("P1", 31, "serum-m-protein", 3.45, None, 2),
        ("P1", 31, "albumin", 3.5, None, 2),
        ("P2", 28, "serum-immunofixation", None, "negative", 3),
    ]


def test_patients_in_the_sites_own_words(read):
    mapping = """\
[patients]
delimiter = ";"
date_order = "dmy"
[patients.columns]
id = "Kennung"
albumin = "Alb"
[patients.units]
albumin = { quantity = "albumin", unit = "g/dL" }
"""
    intake = read("Kennung;start;Alb;albumin\nP1;1.2.2023;3.55;9\nP2;1.2.2023;6.1;9\n", mapping)
    assert intake.frame["albumin"].to_list() == [35.5, None]
    assert [(query.variable, query.rule) for query in intake.queries if query.is_error] == [("albumin", "out-of-range")]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ("[pateints]\n", "mapping.toml:1: pateints: unknown section; expected one of patients, therapies, assessments, "),
        ("[assessments]\nfiel = 'x'\n", "mapping.toml:2: assessments.fiel: unknown key; expected one of file, delimiter, "),
        ("[events]\nfile = 'x.csv'\n", "mapping.toml:1: events: the study does not read this table"),
        ("[assessments.columns]\ndya = 'D'\n", "mapping.toml:2: assessments.columns.dya: unknown column; expected one of "),
        ("[assessments.columns]\nday = 'D'\nunit = 'D'\n", "mapping.toml:3: assessments.columns.unit: 'D' is already the name of day"),
        ("[assessments.codes.value]\nx = 'y'\n", "mapping.toml:1: assessments.codes.value: value has no codes; expected one of "),
        ("[assessments.codes.quantity]\nSPEP = 'serum-m'\n", "mapping.toml:2: assessments.codes.quantity.SPEP: 'serum-m' is no code"),
        ("[assessments.units]\nalbumin = 'mmol'\n", "mapping.toml:2: assessments.units.albumin: 'mmol' is no unit of the quantity Albumin; expected one of g/dL, g/L, mg/dL"),
        ("[assessments.wide]\nA = { quantity = 'albumen' }\n", "mapping.toml:2: assessments.wide.A.quantity: 'albumen' is no quantity"),
        ("[assessments.wide]\nA = { quantity = 'albumin', unti = 'g/L' }\n", "mapping.toml:2: assessments.wide.A.unti: unknown key; expected one of quantity, unit, holds, method (did you mean 'unit'?)"),
        ("[patients.units]\nalbumin = { quantity = 'iga', unit = 'mmol' }\n", "mapping.toml:2: patients.units.albumin.unit: 'mmol' is no unit of the quantity IgA"),
        ("[patients\n", "mapping.toml:1: is not TOML"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_is_refused(read, mapping, expected):
    with pytest.raises(SiteDataError) as caught:
        read(assessments=assessments("P1,2023-01-31,albumin,35,g/L,"), mapping=mapping)
    assert any(str(problem).startswith(f"sites/site-01/{expected}") for problem in caught.value.problems), caught.value


ONE_WIDE = '[assessments.wide]\n"SPEP" = { quantity = "serum-m-protein", unit = "g/L" }\n'


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("patient,day,SPEP,SPEP\nP1,2023-01-31,3,4\n", "the column 'SPEP' of [assessments.wide]"),
        ("patient,day,quantity,value,SPEP\nP1,2023-01-31,albumin,3,4\n", "the column 'quantity' is there"),
        ("patient,day,Spep\nP1,2023-01-31,3\n", "the column 'SPEP' of [assessments.wide]"),
    ],
)
def test_a_file_that_is_not_wide_as_the_mapping_says_is_refused(read, text, what):
    with pytest.raises(SiteDataError) as caught:
        read(mapping=ONE_WIDE, assessments=text)
    assert [what in str(problem) for problem in caught.value.problems] == [True]


def test_a_number_below_0_and_a_number_for_a_result_in_words_are_asked_about(read):
    table = read(
        assessments=assessments(
            "P1,2023-01-31,serum-m-protein,-3,,",
            "P1,2023-01-31,serum-m-protein,0,,",
            "P1,2023-01-31,serum-immunofixation,0,,",
            "P1,2023-01-31,serum-immunofixation,,,negative",
        )
    )
    assert rules(table) == [(2, "value", "out-of-range"), (4, "value", "number-for-result")]


def test_rows_that_say_nothing_are_told_once(read):
    table = read(assessments=assessments("P1,2023-01-31,albumin,,,", "P1,2023-02-01,albumin,,,"))
    assert rules(table) == [(2, "value", "nothing-measured")]
    assert not any(query.is_error for query in table.queries)


def test_a_wrong_patient_is_one_problem_of_a_file(read):
    rows = [f"{key},2023-01-{day},albumin,3,," for day in (30, 31) for key in ("P8", "P9", "P3")]
    assert rules(read(assessments=assessments(*rows))) == [
        (2, "patient", "unknown-patient"),
        (3, "patient", "unknown-patient"),
        (4, "start", "origin-missing"),
    ]
