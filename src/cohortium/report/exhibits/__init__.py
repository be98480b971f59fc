"""The figures of a study: from its results to a drawing with caption, data and alternative text."""
