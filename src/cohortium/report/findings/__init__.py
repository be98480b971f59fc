"""What the results table says about one kind of analysis, gathered into frozen values for tables and figures."""
