"""How each site writes its files: names, codes, units, dates, and what it leaves out."""
