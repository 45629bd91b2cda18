"""Reads articles and mentors from files and reports what was refused or not used."""
