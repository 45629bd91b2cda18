"""Checks generated text against the sources it rests on."""
