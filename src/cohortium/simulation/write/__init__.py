"""The files of a simulated study, and their writing."""
