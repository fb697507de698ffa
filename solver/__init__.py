"""Solving: engines, rules, measures, comparisons and the verifier."""
