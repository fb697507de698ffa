"""Instances in and out: readers, writers, generators, bundled data."""
