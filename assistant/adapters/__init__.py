"""Implementations of the ports, one vendor per file. Vendor types and errors do not leave this package."""
