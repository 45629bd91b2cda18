"""Chooses, caches and wraps embedders."""
