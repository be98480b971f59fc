"""How sites differ: two-stage meta-analysis of their estimates."""
