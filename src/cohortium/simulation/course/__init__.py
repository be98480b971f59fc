"""The course of a patient: tumor burden, what is measured of it, and everything else that a chart holds."""
