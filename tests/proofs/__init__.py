"""Proofs of what is promised, long forms of what the tests try shortly: python dev.py prove."""
