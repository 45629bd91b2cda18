"""Ranks mentors by evidence, load and availability."""
