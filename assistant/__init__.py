"""Askwell: a vague request becomes a sharp question, an answer or the right person, and a closed loop."""
