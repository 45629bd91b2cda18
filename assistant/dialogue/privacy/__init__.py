"""Redacts personal data and fits text into a model's context window."""
