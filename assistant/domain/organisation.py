"""The organisation's contacts for matters that mentors do not handle."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """A role or service: how and when to reach it, and what happens next."""

    name: str
    how: str
    hours: str
    what_happens: str
