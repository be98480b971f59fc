"""IMWG response from laboratory values: visits, levels, progression, confirmation, words, and what the site called."""
