"""The sentences: each from its records, and nothing where there is none."""

import io
import zipfile

import docx as word
import pytest

from cohortium.errors import StudyFileError
from cohortium.governance.people.model import People
from cohortium.governance.statements.build import build_document, require_complete
from cohortium.governance.statements.document import text_of
from cohortium.governance.statements.docx import docx
from cohortium.governance.statements.ethics import ethics_block
from cohortium.governance.statements.html import html
from cohortium.governance.statements.interests import interests_block
from cohortium.governance.statements.markdown import markdown
from cohortium.governance.statements.plain import plain_text


def text(block):
    return "\n".join(map(text_of, block.paragraphs))


def block(document, heading):
    return next(block for block in document.blocks if block.heading == heading)


def test_ethics_with_every_kind_of_decision_and_consent(sites):
    assert text(ethics_block(sites)) == (
        "The study protocol was reviewed and approved by North Review Board (Northville; no. N-1; 1 June 2025) and "
        "West Review Board (Westport; 1 June 2025). "
        "The study was determined to be exempt by South Review Board (Southville; 1 June 2025). "
        "East Hospital relied on the decision of North Review Board. "
        "Informed consent was obtained from the patients at West Hospital; waived (45 CFR 46.116(f)) at North Hospital "
        "and East Hospital; and not required (45 CFR 46.104(d)(4)) at South Hospital. "
        "A limited data set was provided under a data-use agreement by West Hospital."
    )


def test_one_consent_for_all_sites_is_one_clause(sites):
    assert "Informed consent was waived (45 CFR 46.116(f))." in text(ethics_block(sites[:1]))
    both = (sites[0], sites[2])
    assert "Informed consent was waived (45 CFR 46.116(f)) at all 2 institutions." in text(ethics_block(both))


def test_what_ethics_lacks_is_listed_and_marked(sites):
    bare = sites[1].model_copy(update={"ethics": None})
    blank = sites[0].model_copy(update={"city": "", "ethics": sites[0].ethics.model_copy(update={"consent_basis": ""})})
    lost = sites[2].model_copy(update={"ethics": sites[2].ethics.model_copy(update={"relies_on": None})})
    found = ethics_block((bare, blank, lost))
    assert [problem.where for problem in found.missing] == ["site south", "site north", "site north", "site east"]
    assert "[MISSING: site south: has no ethics decision]" in text(found)


def test_interests_by_initials(people):
    assert text(interests_block(people)) == (
        "ABA reports grants from Pfizer (to the institution), and Smith and Sons; consulting fees from Kite, a Gilead "
        "company (2023). BvdE, C, and Plasma Study Group declare no competing interests."
    )


def test_colliding_initials_are_told_apart(people):
    twin = people.author[0].model_copy(update={"id": "z", "family": "Aspen"})
    said = text(interests_block(people.model_copy(update={"author": (*people.author, twin)})))
    assert "ABAl reports" in said
    assert "ABAs reports" in said


def test_silence_is_no_answer(people):
    silent = people.author[1].model_copy(update={"disclosure": None})
    found = interests_block(people.model_copy(update={"author": (silent,)}))
    assert text(found) == "[MISSING: author b: has no answer about competing interests]"


def test_the_other_blocks(people, sites):
    document = build_document(people, sites)
    assert document.missing == ()
    assert text(block(document, "Byline")).splitlines() == [
        "Amos B. Alder (1,†,*), Beth van der Elm Jr. (2,1,†), Cedar (1), Plasma Study Group",
        "† Amos B. Alder and Beth van der Elm Jr. contributed equally.",
        "* Corresponding author.",
    ]
    assert text(block(document, "Correspondence")) == (
        "Amos B. Alder, Medicine, North Hospital, Northville, USA (https://orcid.org/0000-0002-1825-0097)."
    )
    assert text(block(document, "Author contributions")) == (
        "Investigation: BvdE, C. Resources: Plasma Study Group. Software: ABA. Writing – original draft: ABA (lead). "
        "All authors contributed substantially to the work, took part in drafting or reviewing the article, approved "
        "the version to be published, and agreed to be accountable for all aspects of the work."
    )
    assert text(block(document, "Funding")) == "This work was supported by Example Fund (EF-1; to ABA)."
    assert text(block(document, "Article history")).splitlines()[0] == "Received: 30 June 2025"


def test_everything_missing_is_in_one_error(people):
    with pytest.raises(StudyFileError) as caught:
        require_complete(build_document(People(author=people.author[2:3]), ()).missing)
    assert [problem.where for problem in caught.value.problems] == [
        "article", "author", "article.history", "article.history", "article.history", "article", "article",
    ]  # fmt: skip


def test_the_sentence_on_the_criteria_needs_every_confirmation(people, sites):
    open_ = people.author[0].confirmed.model_copy(update={"approval": None})
    first = people.author[0].model_copy(update={"confirmed": open_})
    document = build_document(people.model_copy(update={"author": (first, *people.author[1:])}), sites)
    assert "accountable" not in text(block(document, "Author contributions"))
    assert [problem.what for problem in document.missing] == ["has not confirmed approval"]


def test_word_file_has_real_paragraphs_no_names_and_the_same_bytes(people, sites):
    document = build_document(people, sites)
    data = docx(document)
    assert data == docx(document)
    file = word.Document(io.BytesIO(data))
    assert file.paragraphs[0].style.name == "Heading 2"
    assert any(run.font.superscript and run.text == "1,†,*" for paragraph in file.paragraphs for run in paragraph.runs)
    assert (file.core_properties.author, file.core_properties.last_modified_by) == ("", "")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"python-docx" not in b"".join(archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("render", [plain_text, markdown, html])
def test_no_form_has_an_email(people, sites, render):
    assert "amos@example.org" not in render(build_document(people, sites))


def test_text_of_records_is_never_markup(people, sites):
    document = build_document(people, sites)
    assert "A fictional study of \\<nothing\\> \\& more" in markdown(document)
    assert "A fictional study of &lt;nothing&gt; &amp; more" in html(document)
