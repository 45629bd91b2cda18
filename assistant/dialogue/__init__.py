"""Dialogue decisions: pure functions of frozen values, without I/O, clock, randomness or logging."""
