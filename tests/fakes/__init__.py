"""Fakes of the ports, one file for each port under the port's name, and the services wired over them."""

from tests.fakes.clock import MONDAY, SettableClock
from tests.fakes.fake_app import SPECIFIC, TUESDAY_TEN, Answered, FakeApp, done, refused
from tests.fakes.knowledge_base import ARTICLE, BODY, FakeBase, profile
from tests.fakes.mentor_directory import MENTORS, FakeMentors
from tests.fakes.notifier import FakeNotifier
from tests.fakes.people import CONTACTS, PEOPLE
from tests.fakes.stores import Ports, memory_ports, sql_ports

__all__ = [
    "ARTICLE",
    "BODY",
    "CONTACTS",
    "MENTORS",
    "MONDAY",
    "PEOPLE",
    "SPECIFIC",
    "TUESDAY_TEN",
    "Answered",
    "FakeApp",
    "FakeBase",
    "FakeMentors",
    "FakeNotifier",
    "Ports",
    "SettableClock",
    "done",
    "memory_ports",
    "profile",
    "refused",
    "sql_ports",
]
