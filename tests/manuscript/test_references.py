"""References are read, never run; each finds one row or says why not."""

import math

import pytest

from cohortium.errors import StudyFileError
from cohortium.manuscript.fill import fill
from cohortium.manuscript.references import references
from cohortium.report import formats
from cohortium.results import Results, Statistic


def filled(text, results, study):
    return fill(text, results, study).text


def problems(text, results, study):
    with pytest.raises(StudyFileError) as caught:
        fill(text, results, study)
    return [str(problem) for problem in caught.value.problems]


def test_words_and_lines():
    found, faults = references('a\n{{ median("pfs", group="true EMD", months=-12.5) }}', "m.md")
    (reference,) = found
    assert not faults
    assert (reference.word, reference.names, reference.line) == ("median", ("pfs",), 2)
    assert reference.criteria == {"group": "true EMD", "months": -12.5}


@pytest.mark.parametrize(
    "source",
    [
        "__import__('os').system('true')",
        "median(open('/etc/passwd'))",
        "median(*x)",
        "median(**x)",
        "median(lambda: 1)",
        "median(True)",
        "median(None)",
        "median(f'{x}')",
        "median([1])",
        "(lambda: 1)()",
        "median",
        "median('a') + 1",
        "",
        "median('a'" + "(" * 200,
        "x" * 501,
        "{% raw %}",
        "median('a', group='x', group='y')",
        "median('a').__class__",
        "().__class__.__bases__",
        "median('a') | upper",
        "'x' * 10**9",
        "[x for x in (1, 2)]",
        "median(group=lambda: 1)",
        "median('a'",
        "median('a)",
    ],
)
def test_what_is_no_reference_is_a_problem_and_nothing_runs(source):
    found, faults = references(f"{{{{ {source} }}}}", "m.md")
    assert not found
    assert len(faults) >= 1


def test_braces_that_stand_alone():
    assert [str(p) for p in references("a {{ b\n\n}}c }}", "m.md")[1]][-1].startswith("m.md:3: }} stands alone")


@pytest.mark.parametrize("text", ["{% for x in y %}z{% endfor %}", '{ { median("pfs") } }'])
def test_statements_of_other_languages_are_no_text(text):
    found, faults = references(text, "m.md")
    assert not found
    assert all("expected {{ and }} around a reference" in str(fault) for fault in faults)
    assert faults


def groups(results, analysis):
    return [row.group for row in results.where(analysis=analysis, statistic="median") if row.group]


def test_each_form(results, study):
    group = groups(results, "pfs-by-ldh")[0]
    full, number, limits = (
        filled(f'{{{{ median("pfs-by-ldh", group="{group}"{form}) }}}}', results, study)
        for form in ("", ', form="number"', ', form="limits"')
    )
    assert full == f"{number} months (95% CI, {limits})"
    row = results.one(analysis="pfs-by-ldh", statistic="median", group=group)
    assert number == formats.months(row.value, study.file.time.month_days)


def test_an_endpoint_stands_for_its_only_analysis(results, study):
    group = groups(results, "os-by-ldh")[0]
    named, by_endpoint = (
        filled(f'{{{{ median("{x}", group="{group}") }}}}', results, study) for x in ("os-by-ldh", "os")
    )
    assert named == by_endpoint


def test_flow_percentages_and_p(results, study):
    analyzed = results.one(analysis="flow", statistic="analyzed").value
    assert filled("{{ analyzed() }} of {{ received() }}", results, study).startswith(f"{analyzed:.0f} of ")
    row = next(r for r in results.where(analysis="baseline", statistic="percent") if not r.group and r.level)
    text = filled(
        f'{{{{ count_percent("baseline", variable="{row.variable}", level="{row.level}") }}}}', results, study
    )
    n, total = text.split(" ")[0].split("/")
    assert math.isclose(100 * int(n) / int(total), row.value, rel_tol=1e-12)
    p = results.one(analysis="pfs-logrank", statistic="p-value").value
    assert filled('{{ p("pfs-logrank") }}', results, study).replace("\\", "") == formats.p_equation(p)


def test_changing_the_data_changes_the_sentence(results, study):
    other = Results(
        Statistic(**{**{f: getattr(r, f) for f in r.__slots__}, "value": 3.0}) if r.statistic == "analyzed" else r
        for r in results
    )
    assert filled("{{ analyzed() }} patients", other, study) == "3 patients"


def test_all_problems_at_once_with_lines_and_suggestions(results, study):
    text = '{{ recieved() }}\n{{ median("pfs-by-ldg") }}\n{{ median("pfs-by-ldh", grup="x") }}\n{{ median("pfs-by-ldh", group="x") }}'
    found = problems(text, results, study)
    assert [line.split(": ")[0] for line in found] == [f"manuscript.md:{n}" for n in (1, 2, 3, 4)]
    assert "did you mean 'received'?" in found[0]
    assert "did you mean 'pfs-by-ldh'?" in found[1]
    assert "did you mean 'group'?" in found[2]
    assert "no group 'x'; expected one of" in found[3]


def test_an_ambiguous_reference_says_what_to_add(results, study):
    (found,) = problems('{{ median("pfs-by-ldh") }}', results, study)
    assert "is ambiguous" in found
    assert 'add one of group="' in found
    (found,) = problems('{{ hazard_ratio("pfs-cox", model="multivariable") }}', results, study)
    assert 'of several variables (add one of variable="age"' in found
    (found,) = problems('{{ hazard_ratio("pfs-cox", variable="ecog") }}', results, study)
    assert "is ambiguous" in found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{{ median() }}", "expected the name of one analysis or endpoint"),
        ('{{ value("pfs-cox") }}', "value needs a statistic"),
        ('{{ auc("pfs-cox") }}', "has no auc"),
        ('{{ survival("pfs-by-ldh", months=7) }}', "no months '7'; expected one of 6, 12, 24"),
        ('{{ survival("pfs-by-ldh", months="6") }}', "months is a number without quotation marks"),
        ('{{ p("pfs-logrank", level="x") }}', "no level 'x'; the statistic has none (leave level out)"),
        ('{{ see("table-1-baseline") }}', 'is not placed (place it with {{ table("table-1-baseline") }})'),
        ('{{ see("table-1-basline") }}', "no table or figure 'table-1-basline'"),
        ('{{ typed("9.9", sauce="x") }}', "unknown key 'sauce'; expected source"),
        ("\ue0000\ue001", "holds a private-use character"),
        ('{{ table("tabel-1") }}', "no table 'tabel-1'"),
        ('{{ statement("Ethics") }}', "no statement 'Ethics'; none is declared"),
        ('{{ typed("9.9") }}', "needs its source"),
        ('{{ median("pfs-by-ldh", form="all") }}', "unknown form"),
    ],
)
def test_each_fault(text, says, results, study):
    (found,) = problems(text, results, study)
    assert says in found


def test_hand_typed_numbers_are_listed(results, study):
    text = (
        "# Results\nMedian survival was 9.9 months, HR {{ analyzed() }}.\nAt 12 months in 2024 with a 95% CI of *Grade 3 patients*.\n"
        '{{ typed("9.9 months", source="x") }}\n## Methods\n### Counts\nMedian of 3 patients.\n## References\nSurvival 2.3%.\n'
    )
    assert [(t.line, t.number) for t in fill(text, results, study).typed] == [(2, "9.9")]


def test_in_the_abstract_every_hand_typed_number_is_listed(results, study):
    text = "## Abstract\nWe saw 7 things in 2024 at {{ analyzed() }}.\n### Methods\nAll 3.\n## Introduction\nWe saw 8 things.\n"
    assert [(t.line, t.number) for t in fill(text, results, study).typed] == [(2, "7"), (4, "3")]
