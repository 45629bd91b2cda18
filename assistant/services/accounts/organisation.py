"""The organisation's contacts for matters that mentors do not handle."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.domain.organisation import Contact
from assistant.ports import AccountStore
from assistant.services.conversing.status_text import say

NEXT_BEST = {"discrimination": "harassment", "grievance": "confidential"}
"""Topics whose contacts are optional, and whose contacts are named instead."""


class Organisation:
    """`contacts` holds at least one contact for harassment, burnout, crisis, confidential and mentoring."""

    def __init__(self, name: str, contacts: Mapping[str, tuple[Contact, ...]], accounts: AccountStore) -> None:
        self.name = name
        self._contacts, self._accounts = contacts, accounts

    def contacts(self, topic: str) -> tuple[Contact, ...]:
        """The contacts for a topic; the confidential ones if the topic is unknown."""
        named = self._contacts.get(topic) or self._contacts.get(NEXT_BEST.get(topic, ""))
        return named or self._contacts["confidential"]

    def sentences(self, topic: str) -> str:
        """All contacts of the topic and how to reach them, and what happens next at the first."""
        named = self.contacts(topic)
        return " ".join([*(say("refer.contact", name=c.name, how=c.how) for c in named), named[0].what_happens])

    def name_for(self, topic: str) -> str:
        return self.contacts(topic)[0].name

    def mentors_of(self, login: str) -> tuple[str, ...]:
        """The mentor profile of a mentee who is also a mentor, to exclude from their matches."""
        account = self._accounts.get(login)
        return (account.mentor,) if account and account.mentor else ()
