"""Engines: arrays and rows in, arrays out; they know neither users nor rules."""
