"""Holds a model's words, and our own, against the text they come from."""
