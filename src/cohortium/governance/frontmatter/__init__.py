"""Reading the front and back matter of an article into proposals that a person accepts.

reading       proposals, what is not resolved, and the characters that each comes from
sections      headings and the paragraphs under them
author_lines  `Family, Given M. https://orcid.org/...`
history       `Received: 30 June 2025`
declarations  a competing-interest paragraph split by initials
labels        initials to authors: one, several or none
categories    the words for the items of the ICMJE form
ties          what one author declares
organizations lists of organizations, with `and` inside names
boards        an ethics paragraph to boards with cities
explicit      the bracket notation for what prose cannot carry
"""
