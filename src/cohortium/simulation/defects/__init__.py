"""Faults planted in the files, with the key of what was planted where."""
