"""The cross-section rules of the study file, each a small function from a draft to its problems."""
