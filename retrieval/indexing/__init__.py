"""Imports content, embeds it, and keeps the indexes in step with the database."""
