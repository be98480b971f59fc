"""Figures of competing risks, hazards, predictions, subgroups and landmarks."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from matplotlib.text import Text

from cohortium.api import plots
from cohortium.errors import OutputError
from cohortium.report.build import FIGURES
from cohortium.report.cautions import ON_GRID, cautions
from cohortium.report.figures import style
from cohortium.report.figures.end_labels import EndLabel, spread
from cohortium.report.figures.round_ticks import round_ticks
from cohortium.report.formats import rounded_up
from cohortium.report.methods import methods
from cohortium.results import Results, Statistic
from report.read_off import read_off
from report.wide import CAUSES, SECTIONS

EVERY = range(len(SECTIONS["figure"]))


def drawn(study, results, name, which=0):
    spec = [figure for figure in study.file.figure if figure.name == name][which]
    return FIGURES[spec.kind](study, results, spec)


def words(figure):
    return [t.get_text() for t in figure.findobj(Text) if t.get_text()]


@pytest.mark.parametrize("position", EVERY)
def test_figures_fit_their_column_and_have_legible_text(wide_study, wide, position):
    spec = wide_study.file.figure[position]
    figure = FIGURES[spec.kind](wide_study, wide, spec).figure
    figure.draw_without_rendering()
    assert figure.get_size_inches()[0] * style.MM_PER_INCH == pytest.approx(style.WIDTH_MM[spec.width])
    room = figure.bbox.padded(1.0)
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            assert text.get_fontsize() >= 7.0
            box = text.get_window_extent()
            assert room.contains(box.x0, box.y0), text.get_text()
            assert room.contains(box.x1, box.y1), text.get_text()


@pytest.mark.parametrize("position", EVERY)
def test_figures_have_words_and_data(wide_study, wide, position):
    spec = wide_study.file.figure[position]
    made = FIGURES[spec.kind](wide_study, wide, spec)
    assert made.alt.endswith(".")
    assert len(made.data) > 1
    assert all(read_off(made))
    assert read_off(made)
    assert {len(row) for row in made.data} == {len(made.data[0])}


def test_incidence_has_a_panel_a_cause_with_gray_s_test(wide_study, wide):
    made = drawn(wide_study, wide, "cumulative-incidence-double")
    shown = words(made.figure)
    assert all(cause in shown for cause in CAUSES)
    assert "Gray's test: p = 0.04" in shown
    assert "Gray's test: p < 0.001" in shown
    assert shown.count("Number at risk") == 2
    assert "Relapse, Male: 9.3 at 14.3 months, 19.3 at the end of 28.6 months." in made.alt
    assert made.caption[0].endswith("Competing events: relapse; death without relapse.")


def test_panels_share_a_vertical_axis_from_zero(wide_study, wide):
    figure = drawn(wide_study, wide, "cumulative-incidence-double").figure
    panels = [axes for axes in figure.axes if axes.get_ylabel()]
    assert {axes.get_ylim() for axes in panels} == {panels[0].get_ylim()}
    assert panels[0].get_ylim()[0] == 0


def test_a_group_has_its_color_in_every_figure(wide_study, wide):
    def color_of(name, label):
        shown = drawn(wide_study, wide, name).figure.findobj(Text)
        return {t.get_color() for t in shown if t.get_text() == label}

    for label in ("Male", "Female"):
        assert color_of("cumulative-incidence-double", label) == color_of("cumulative-hazard-double", label)
        assert color_of("kaplan-meier-double", label) == color_of("cumulative-hazard-double", label)


def test_causes_have_inks_of_no_group(wide_study, wide):
    figure = drawn(wide_study, wide, "cumulative-incidence-double", which=1).figure
    colors = {t.get_text(): t.get_color() for t in figure.findobj(Text)}
    assert {colors["Relapse"]} <= {look.text for look in style.CAUSES}


def test_schoenfeld_panels_have_their_p_and_leave_out_what_has_no_curve(wide_study, wide):
    made = drawn(wide_study, wide, "schoenfeld-double")
    shown = words(made.figure)
    assert "Age, per 10 years" in shown
    assert "Sex, Female vs Male" in shown
    assert "ECOG performance status, 2" in shown
    assert not any(text.startswith("ECOG performance status, 1") for text in shown)
    assert "Too few events." in made.caption
    assert shown.count("p = 0.70") == 1


def test_the_subgroup_forest_has_the_overall_row_and_the_interaction(wide_study, wide):
    shown = words(drawn(wide_study, wide, "subgroups-double").figure)
    for text in ("All patients", "0.58 (0.39 to 0.87)", "p, interaction", "0.43", "\u2190 lower hazard, Female"):
        assert text in shown


def test_the_landmark_flow_adds_up_or_is_refused(wide_study, wide):
    shown = words(drawn(wide_study, wide, "landmark-flow-double").figure)
    for text in ("n = 120", "Not at risk, n = 50", "Event before the landmark: 40", "n = 70"):
        assert text in shown
    wrong = Results(replace(s, value=71.0) if s.statistic == "at-risk" else s for s in wide)
    with pytest.raises(OutputError, match=r"does not add up(.|\n)*71 at risk, expected 120 less 50"):
        drawn(wide_study, wrong, "landmark-flow-double")


def test_a_landmark_flow_without_its_numbers_is_refused(wide_study, wide):
    without = Results(s for s in wide if s.statistic != "censored-before")
    with pytest.raises(OutputError, match="censored-before missing from the results table"):
        drawn(wide_study, without, "landmark-flow-double")


def test_the_restricted_mean_is_shaded_when_asked(wide_study, wide):
    made = drawn(wide_study, wide, "kaplan-meier-double")
    assert "the area that is the mean survival up to 24 months" in made.caption[0]


def test_subdistribution_hazards_are_named(wide_study, wide):
    made = drawn(wide_study, wide, "forest-double")
    assert "sHR (95% CI)" in words(made.figure)
    assert "sHR, subdistribution hazard ratio." in " ".join(made.caption)


def test_the_axis_and_the_words_of_a_forest_name_the_cause(wide_study, wide):
    made = drawn(wide_study, wide, "forest-double")
    assert "Subdistribution hazard ratio (95% CI), relapse" in words(made.figure)
    assert made.alt.startswith("Forest plot of subdistribution hazard ratios for relapse.")


def test_a_prediction_is_described_by_its_points_and_not_by_steps_between_them(wide_study, wide):
    made = drawn(wide_study, wide, "predicted-survival-double")
    assert re.search(r"Man of 60: [\d.]+ at 6 months, [\d.]+ at 12 months", made.alt), made.alt


@pytest.mark.parametrize(
    ("name", "statistic", "reason", "text"),
    [
        ("schoenfeld", "ph-", ("cox", "cox", "ph-p", "no events"), "No test of proportional hazards: no events."),
        (
            "predicted-survival", "predicted-", ("cox", "cox", "predicted-survival", "no events in this stratum"),
            "No predicted survival: no events in this stratum.",
        ),
    ],
)  # fmt: skip
def test_what_the_data_cannot_give_is_said_in_place_of_the_drawing(wide_study, wide, name, statistic, reason, text):
    """One refused model does not stop the report."""
    analysis, method, row, why = reason
    refused = Statistic(analysis, method, row, None, variable="age", warning=why)
    without = Results([*(s for s in wide if not s.statistic.startswith(statistic)), refused])
    made = drawn(wide_study, without, f"{name}-double")
    assert words(made.figure) == [text]
    assert (made.alt, made.caption) == (text, (text,))


def test_an_analysis_of_nobody_is_said_in_place_of_the_drawing(wide_study, wide):
    rows = [s for s in wide if s.analysis not in ("incidence", "os-sex")]
    for analysis, method in (("incidence", "cumulative-incidence"), ("os-sex", "kaplan-meier")):
        rows += [Statistic(analysis, method, "n", 0.0, group=group, n=0) for group in ("Male", "Female")]
    assert drawn(wide_study, Results(rows), "cumulative-incidence-double").alt.endswith("no patients in any group.")
    assert drawn(wide_study, Results(rows), "cumulative-hazard-double").alt.endswith("no patients in any group.")


def test_an_analysis_without_what_is_drawn_is_refused(wide_study, wide):
    for statistic, name in (("ph-curve", "schoenfeld"), ("predicted-survival", "predicted-survival"),
                            ("cumulative-hazard", "cumulative-hazard")):  # fmt: skip
        without = Results(s for s in wide if s.statistic != statistic)
        with pytest.raises(OutputError, match=f"figure {name}-double: .* gives no "):
            drawn(wide_study, without, f"{name}-double")


def test_cautions_say_immortal_time_and_the_bounds_of_a_grid(wide_study, wide):
    said = {g.heading: [text for each in g.cautions for text, _ in each.said] for g in cautions(wide_study, wide)}
    assert any("immortal time" in text for texts in said.values() for text in texts)
    assert "largest possible differences from whole days: survival" in said[ON_GRID][-1]
    assert said[ON_GRID][-1].endswith(" 0.013, median 31 days.")


def test_methods_name_every_choice(wide_study, wide):
    paragraphs = list(methods(wide_study, wide))
    said = " ".join("".join(map(str, part)) for _, text in paragraphs for part in text)
    for sentence in (
        "Relapse or death: follow-up; competing events: relapse where Code(text='status == 1')",
        "overall survival; landmark analysis of the patients still at risk at 6 months, with time counted from then.",
        "Time is counted from the landmark at 6 months.",
        "Restricted mean survival time up to 24 months; groups are compared with the first by its difference and ratio.",
        "Cumulative hazard by the Nelson-Aalen method.",
        "Every pair of groups was compared too, with p-values adjusted by Holm's method.",
        "Coefficients are those of Firth's penalized likelihood.",
        "Proportional hazards were tested by the score test of scaled Schoenfeld residuals",
        "The effect of sex in subgroups of ECOG performance status is from a model with their interaction",
        "Discrimination by Harrell's concordance",
        "Survival was predicted from the multivariable model for man of 60, at 6 and 12 months.",
        "Cumulative incidence of each competing event by the Aalen-Johansen method",
        "Gray's two-sided test of equal cumulative incidence, relapse or death by sex, unstratified",
        "Fine-Gray regression of the subdistribution hazard of relapse;",
    ):
        assert sentence in said, sentence


def test_figures_can_be_drawn_from_rows_alone(wide):
    incidence = plots.cumulative_incidence_figure(wide.where(analysis="incidence"), wide.where(analysis="gray"))
    assert "Gray's test: p = 0.04" in words(incidence)
    assert CAUSES[0] in words(plots.cumulative_incidence_figure(wide.where(analysis="incidence-all")))
    assert "Female" in words(plots.cumulative_hazard_figure(wide.where(analysis="os-sex")))
    cox = wide.where(analysis="cox")
    assert "Man of 60" in words(plots.predicted_survival_figure(cox))
    assert "sex[Female]" in words(plots.schoenfeld_figure(cox))
    assert "0.45 (0.30 to 0.67)" in words(plots.subgroup_forest_figure(cox, effect="female vs male"))


def test_names_at_the_ends_of_curves_keep_apart():
    labels = [EndLabel(("a",), 10.0), EndLabel(("b",), 10.5), EndLabel(("c", "c"), 49.0)]
    places = spread(labels, 0.0, 50.0)
    assert places[0] == 10.0
    assert places[1] - places[0] >= labels[0].size - 1e-9
    assert places[2] + labels[2].size / 2 <= 50.0


@pytest.mark.parametrize(("least", "most", "expected"), [(-0.9, 0.9, [-1, -0.5, 0, 0.5, 1]), (0.2, 2.7, [0, 1, 2, 3])])
def test_round_ticks_hold_the_range(least, most, expected):
    assert [float(mark) for mark in round_ticks(least, most, 5)] == expected


@pytest.mark.parametrize(
    ("bound", "printed"), [(0.00341, "0.0035"), (12.3, "13"), (0.5, "0.50"), (0, "0"), (123, "130")]
)
def test_a_bound_is_never_printed_below_itself(bound, printed):
    assert rounded_up(bound) == printed
