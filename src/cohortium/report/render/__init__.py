"""One `Table` value, several forms: HTML, CSV, plain text."""
