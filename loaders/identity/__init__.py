"""Who reports, for which year, from where, and what the prose tells."""
