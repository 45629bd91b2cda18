"""Finds people by profile, dated contributions and skills."""
