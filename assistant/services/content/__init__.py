"""Imports, searches and rebuilds the knowledge base and the mentors."""
