"""What is to happen to each patient, so that the published aggregates are met; the laboratory values follow from it."""
