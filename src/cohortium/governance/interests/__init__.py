"""Competing interests: organizations by their canonical names, and who has ties with the maker of the study drug."""
