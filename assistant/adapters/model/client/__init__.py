"""Calls an OpenAI-compatible endpoint and parses what it returns."""
