"""Text and XML of an article's front and back matter, each sentence from records.

document       headed blocks of text, and the records that are missing
build          study and people to a document
byline, ethics, interests, contributions, article   the blocks
sheet          the plain lines that `cohortium people import` reads back
plain, markdown, html, docx   the same document in four forms
jats, jats_authors, crossref, credit   XML by the records themselves
"""
