"""The verbs of the command line beyond build, explain and verify; one module a verb."""
