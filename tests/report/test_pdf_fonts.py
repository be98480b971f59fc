from __future__ import annotations

import io
import zlib

import pytest
from matplotlib.backends import _backend_pdf_ps

from cohortium.report.figures import pdf_fonts
from cohortium.report.figures.style import canvas, drawing


def pdf_of(words):
    target = io.BytesIO()
    with drawing(), pdf_fonts.shared_fonts():
        figure = canvas(60, 20)
        figure.text(0.1, 0.5, words)
        figure.savefig(target, format="pdf", metadata={"CreationDate": None})
    return target.getvalue()


def unpacked(pdf):
    """All streams of a PDF file, in order."""
    streams = []
    for piece in pdf.split(b"stream\r\n" if b"stream\r\n" in pdf else b"stream\n")[1:]:
        try:
            streams.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            continue
    return b"".join(streams)


@pytest.fixture
def calls_to_matplotlib(monkeypatch):
    """Matplotlib's own function with other arguments, as another version of it could have; how often it was called."""
    calls = []
    original = _backend_pdf_ps.get_glyphs_subset

    def of_another_version(font, characters):
        calls.append(font)
        return original(font, characters)

    monkeypatch.setattr(_backend_pdf_ps, "get_glyphs_subset", of_another_version)
    return calls


def test_this_matplotlib_takes_cut_fonts():
    """Fails when matplotlib changes the function that is replaced: then `pdf_fonts` must learn the new one."""
    assert pdf_fonts.takes_cut_fonts()
    before = _backend_pdf_ps.get_glyphs_subset
    with pdf_fonts.shared_fonts():
        assert _backend_pdf_ps.get_glyphs_subset is not before
    assert _backend_pdf_ps.get_glyphs_subset is before


def test_a_cut_font_is_embedded_and_its_text_can_be_selected():
    pdf = pdf_of("Überleben ≥ 3")
    assert b"/FontFile2" in pdf
    meanings = unpacked(pdf).split(b"beginbfrange", 1)[1]
    for letter in "Überleben3":
        assert f"{ord(letter):04x}".encode() in meanings.lower()


def test_the_same_words_give_the_same_bytes_whatever_was_drawn_before():
    first = pdf_of("Kaplan-Meier, α = 0.05")
    pdf_of("something else: β")
    assert pdf_of("Kaplan-Meier, α = 0.05") == first


def test_another_matplotlib_cuts_by_itself(calls_to_matplotlib):
    assert not pdf_fonts.takes_cut_fonts()
    pdf = pdf_of("Überleben")
    assert calls_to_matplotlib
    assert b"/FontFile2" in pdf


def test_without_the_module_matplotlib_is_left_alone(monkeypatch):
    monkeypatch.setattr(pdf_fonts, "_writer", lambda: None)
    assert not pdf_fonts.takes_cut_fonts()
    assert b"/FontFile2" in pdf_of("Überleben")
