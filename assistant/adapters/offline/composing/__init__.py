"""Writes the sharp question and closing drafts without a model."""
