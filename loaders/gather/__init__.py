"""Lots of documents → one version: which report counts, what reports say of each other, everything in one order."""
