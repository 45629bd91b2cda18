"""Whom an organisation names for what mentors do not take: a role or a service, how to reach it, and what happens then."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    name: str
    how: str
    hours: str
    what_happens: str
