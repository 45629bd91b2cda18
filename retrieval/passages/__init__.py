"""Splits articles into passages, searches them, and judges whether the base knows."""
