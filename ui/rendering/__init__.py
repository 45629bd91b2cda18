"""Renders domain values and Markdown as safe HTML."""
