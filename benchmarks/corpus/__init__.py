"""A synthetic corpus of any size from the forward model of the tests, with its truth beside it."""
