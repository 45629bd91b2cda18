"""Contacts for matters that mentors do not handle: every topic has some, also where the organisation names none for it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from assistant.dialogue.understanding import TOPICS, Understanding
from assistant.domain.organisation import Contact
from assistant.domain.reply import Kind
from assistant.services.accounts.organisation import Organisation
from tests.fakes import CONTACTS, FakeApp, memory_ports

DELIVERED = Path(__file__).parents[4] / "knowledge_base" / "organisation.toml"
FAIR = Contact("Fair Office", "phone 9", "always", "A trained adviser listens.")


def organisation(**more: tuple[Contact, ...]) -> Organisation:
    return Organisation("Larkmoor", {**CONTACTS, **more}, memory_ports().accounts)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_contact_where_only_the_required_ones_are_named(topic: str) -> None:
    named = organisation().contacts(topic)
    assert named
    next_best = {"discrimination": "harassment", "grievance": "confidential"}.get(topic, topic)
    assert named == CONTACTS[next_best]


@pytest.mark.parametrize("topic", ["discrimination", "grievance"])
def test_contacts_of_its_own_come_before_the_next_best(topic: str) -> None:
    house = organisation(**{topic: (FAIR,)})
    assert house.contacts(topic) == (FAIR,)
    assert house.sentences(topic) == "Fair Office: phone 9. A trained adviser listens."


@pytest.mark.parametrize("topic", ["discrimination", "grievance"])
def test_an_empty_list_of_contacts_is_as_none(topic: str) -> None:
    assert organisation(**{topic: ()}).contacts(topic) == organisation().contacts(topic)


def test_an_unknown_topic_has_the_confidential_contact() -> None:
    assert organisation().contacts("horoscope") == CONTACTS["confidential"]


def test_the_delivered_organisation_names_contacts_for_every_topic() -> None:
    named = tomllib.loads(DELIVERED.read_text("utf-8"))["contacts"]
    assert set(TOPICS) <= named.keys()
    assert all(contact["name"] and contact["how"] for topic in TOPICS for contact in named[topic])


@pytest.mark.parametrize(
    ("topic", "contact", "closed"),
    [("discrimination", "Harassment Desk: phone 1", True), ("grievance", "Confidential Desk: phone 4", False)],
)
def test_a_referral_names_the_next_best_contact(wired: FakeApp, topic: str, contact: str, closed: bool) -> None:
    wired.language.on_turn = lambda turn: Understanding(Kind.SENSITIVE, topic=topic)
    answer = wired.say(wired.open(), "words")
    assert answer.reply is not None
    assert contact in answer.reply.say
    assert answer.request.topic == topic
    assert (answer.request.stage.__class__.__name__ == "Closed") is closed
    assert wired.base.asked == []
