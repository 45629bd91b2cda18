"""Accounts, sign-in, permissions, usage and the organisation's settings."""
