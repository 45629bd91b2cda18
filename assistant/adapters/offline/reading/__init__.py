"""Reads messages without a model: slots, kind, dialogue acts, deadlines."""
