"""Implements the ports, one file a vendor. Vendor types and exceptions stay inside these files."""
