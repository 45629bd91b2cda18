"""Checks an installation without changing it; each finding is one sentence that says what to do."""
