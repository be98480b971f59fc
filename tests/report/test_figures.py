from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import pytest
from matplotlib.text import Text

from cohortium.errors import OutputError
from cohortium.report.build import FIGURES
from cohortium.report.figures import kaplan_meier, sites, style
from cohortium.report.figures.readout import NothingToRead
from cohortium.report.figures.save import Drawing, save
from cohortium.report.findings.curves import curves
from cohortium.report.findings.sites import SiteCount
from cohortium.results import Results
from cohortium.study.model import Figure as FigureSpec

SMALLEST_POINTS = 7.0


def drawn(study, results, position):
    spec = study.file.figure[position]
    return FIGURES[spec.kind](study, results, spec)


def words(figure):
    return [t.get_text() for t in figure.findobj(Text) if t.get_text()]


@pytest.mark.parametrize("position", range(7))
def test_figures_have_a_journal_s_width_and_legible_text(study, results, position):
    figure = drawn(study, results, position).figure
    width = style.WIDTH_MM[study.file.figure[position].width]
    assert figure.get_size_inches()[0] * style.MM_PER_INCH == pytest.approx(width)
    assert min(t.get_fontsize() for t in figure.findobj(Text) if t.get_text()) >= SMALLEST_POINTS


@pytest.mark.parametrize("position", range(7))
def test_no_text_leaves_the_figure(study, results, position):
    figure = drawn(study, results, position).figure
    figure.draw_without_rendering()
    room = figure.bbox.padded(1.0)
    for text in figure.findobj(Text):
        if text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert room.contains(box.x0, box.y0), text.get_text()
            assert room.contains(box.x1, box.y1), text.get_text()


def test_a_figure_has_its_files(study, results, tmp_path):
    paths = save(drawn(study, results, 0), tmp_path / "figure", "Title")
    assert [path.name.partition(".")[2] for path in paths] == ["svg", "pdf", "png", "csv", "txt", "legend.txt"]
    assert all(path.stat().st_size for path in paths)


def test_the_survival_panel_names_its_tests_and_its_ratio(study, results):
    shown = words(drawn(study, results, 1).figure)
    assert "Univariable HR, Female vs Male: 0.59 (95% CI, 0.43 to 0.83)" in shown
    assert "Log-rank test: p = 0.001" in shown
    assert "Log-rank test stratified by institution: p = 0.004" in shown
    assert "4.9 (3.5 to 8.1)" in shown
    assert "Number at risk" in shown


def test_a_ratio_says_whether_it_is_univariable(study, results):
    assert (
        "Univariable HR, hazard ratio of a Cox regression without other covariates, Efron ties, stratified by "
        "institution."
    ) in drawn(study, results, 1).caption


def test_an_adjusted_ratio_is_called_adjusted(study, results):
    figure = drawn(study, Results(s for s in results if s.model != "univariable"), 1)
    assert "Adjusted HR, Female vs Male: 0.58 (95% CI, 0.41 to 0.81)" in words(figure.figure)
    assert any(
        "hazard ratio of a Cox regression adjusted for age and ECOG performance status, Efron" in text
        for text in figure.caption
    )


def test_abbreviations_are_explained_where_they_stand(study, results):
    captions = [" ".join(drawn(study, results, position).caption) for position in (1, 2, 4)]
    assert ["NR, not reached" in caption for caption in captions] == [
        "NR" in shown for shown in medians(study, results)
    ]
    assert ["NE, not estimable" in caption for caption in captions] == [False, True, False]


def medians(study, results):
    return [" ".join(words(drawn(study, results, position).figure)) for position in (1, 2, 4)]


def test_a_caption_says_once_who_was_left_out(study, results):
    left_out = "1 patient left out: a value not known"
    warned = Results(
        replace(s, warning=left_out)
        if s.statistic in ("hazard-ratio", "n", "model-n") or s.analysis == "test-sex"
        else s
        for s in results
    )
    for position in (1, 4):
        caption = " ".join(drawn(study, warned, position).caption)
        assert caption.count("a value not known") == 1, caption


def test_a_group_keeps_its_color_when_another_is_absent(study, results):
    def color_of(figure, label):
        return next(t.get_color() for t in figure.findobj(Text) if t.get_text() == label)

    without = Results(s for s in results if not (s.analysis == "os-ecog" and s.group == "0"))
    assert color_of(drawn(study, results, 2).figure, "1") == color_of(drawn(study, without, 2).figure, "1")


def test_survival_data_and_words_travel_with_the_figure(study, results):
    figure = drawn(study, results, 1)
    assert figure.data[0][0] == "group"
    assert sum(row[7] for row in figure.data[1:]) == 94
    assert "Male: 60 events in 72 patients, median 4.9 (3.5 to 8.1) months." in figure.alt
    assert any("1 patient without a stratum left out" in text for text in figure.caption)


def test_a_narrow_forest_plot_says_what_it_leaves_out(study, results):
    wide, narrow = drawn(study, results, 4), drawn(study, results, 5)
    assert "Univariable" in words(wide.figure)
    assert "Univariable" not in words(narrow.figure)
    assert any("Only the multivariable estimates are drawn" in text for text in narrow.caption)
    assert [row[0] for row in narrow.data].count("univariable") == 7


def test_a_refused_estimate_is_drawn_as_words(study, results):
    refused = Results(
        replace(s, value=None, lower=None, upper=None, warning="no events")
        if s.statistic in ("hazard-ratio", "p-value", "standard-error") and s.level == "3"
        else s
        for s in results
    )
    figure = drawn(study, refused, 4)
    assert words(figure.figure).count("NE") == 4
    assert (
        "No events (ECOG performance status, 3, univariable; ECOG performance status, 3, multivariable)."
        in figure.caption
    )


def test_the_flow_shows_every_number(study, results):
    shown = words(drawn(study, results, 0).figure)
    for text in (
        "n = 124",
        "Excluded, n = 1",
        "n = 123",
        "Excluded, n = 3",
        "including 2 with a value missing",
        "n = 120",
    ):
        assert text in shown
    assert "8 institutions; institution unknown for 1 patient" in shown


def test_a_flow_that_does_not_add_up_is_not_drawn(study, results):
    wrong = Results(replace(s, value=1.0) if s.statistic == "analyzed" else s for s in results)
    with pytest.raises(OutputError, match="does not add up"):
        drawn(study, wrong, 0)


def test_institutions_are_sorted_by_patients_the_unknown_last():
    counts = [SiteCount("unknown", 9, 9, 1, 0.0), SiteCount("a", 2, 2, 1, 0.0), SiteCount("b", 5, 5, 5, 0.0)]
    assert [s.label for s in sites.by_size(counts, frozenset({"unknown"}))] == ["b", "a", "unknown"]


def test_nineteen_institutions_fit(tmp_path):
    counts = [SiteCount(f"Hospital number {i}", 3 * i, 3 * i, i, 0.0) for i in range(1, 20)]
    figure = sites.draw(counts, width="single")
    figure.draw_without_rendering()
    assert figure.get_size_inches()[1] * style.MM_PER_INCH < 120
    assert len(save(Drawing(figure, "", (), [("a",)], NothingToRead("none")), tmp_path / "figure", "Title")) == 6


def test_a_figure_of_another_method_is_refused_by_name(study, results):
    spec = FigureSpec(name="figureX", kind="forest", analysis="os-sex", title="Wrong")
    with pytest.raises(OutputError, match=r"figureX.*expected an analysis of kind Cox, found os-sex"):
        FIGURES["forest"](study, results, spec)


def test_curves_can_be_drawn_alone_in_any_unit(results):
    found = curves(results, "os-sex")
    figure = kaplan_meier.draw(found, month_days=1.0, unit="days", x_label="Days", width="single")
    shown = words(figure)
    assert "Median, days (95% CI)" in shown
    assert "200" in shown


def test_a_letter_without_a_glyph_is_not_an_error(results, tmp_path):
    curve = replace(curves(results, "os-all")[0], label="\u8089\u816b")
    figure = kaplan_meier.draw([curve])
    paths = save(Drawing(figure, "alt", (), [("a",)], NothingToRead("none")), tmp_path / "figure", "Title")
    assert "\u8089\u816b" in paths[0].read_text(encoding="utf-8")


@pytest.mark.parametrize("dpi", [300, 600])
def test_pictures_have_the_pixels_of_their_width_and_say_their_resolution(study, results, tmp_path, dpi):
    made = drawn(study, results, 0)
    picture = save(made, tmp_path / "figure", "Title", png_dpi=dpi)[2].read_bytes()
    across, up = struct.unpack(">II", picture[16:24])
    inches = made.figure.get_size_inches()
    assert (across, up) == pytest.approx(tuple(inches * dpi), abs=1)
    place = picture.index(b"pHYs") + 4
    per_meter, _, unit = struct.unpack(">IIB", picture[place : place + 9])
    assert unit == 1
    assert per_meter == pytest.approx(dpi / 0.0254, abs=1)


def test_every_font_of_a_pdf_is_inside_it(study, results, tmp_path):
    data = save(drawn(study, results, 1), tmp_path / "figure", "Title")[1].read_bytes()
    descriptors = data.count(b"/Type /FontDescriptor")
    assert descriptors >= 1
    assert data.count(b"/FontFile2") == descriptors
    assert b"/Type3" not in data


def test_powers_are_raised_in_pictures_and_plain_in_the_data(study, results, tmp_path):
    figure = style.canvas(88.0, 20.0)
    style.write(style.sheet(figure), 5.0, 10.0, "Platelets, 10^9/L")
    made = replace(drawn(study, results, 0), figure=figure, data=[("Platelets, 10^9/L",)])
    svg, _, _, data, *_ = save(made, tmp_path / "figure", "Title")
    assert "10\N{SUPERSCRIPT NINE}/L" in svg.read_text(encoding="utf-8")
    assert "10^9/L" in data.read_text(encoding="utf-8")


def test_files_hold_no_date_no_path_and_no_user(study, results, tmp_path):
    paths = save(drawn(study, results, 1), tmp_path / "figure", "Title")
    for path in paths[:3]:
        data = path.read_bytes()
        for secret in (str(tmp_path).encode(), str(Path.home()).encode() + b"/", b"CreationDate", b"<dc:date>"):
            assert secret not in data, path.name


def test_the_user_s_own_matplotlib_settings_change_nothing(study, results, tmp_path):
    import matplotlib as mpl

    first = save(drawn(study, results, 1), tmp_path / "a", "Title")[0].read_bytes()
    with mpl.rc_context({"font.size": 30, "svg.fonttype": "path", "axes.facecolor": "red"}):
        assert save(drawn(study, results, 1), tmp_path / "b", "Title")[0].read_bytes() == first
