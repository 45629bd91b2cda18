"""What can be wrong with an installation, looked at without changing it: each finding is one sentence that says what to do."""
