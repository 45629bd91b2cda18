"""Turns records and Markdown into safe HTML."""
