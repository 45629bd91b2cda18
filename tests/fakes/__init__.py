"""Fakes of the ports, one file for each port under the port's name, and the services wired over them."""

from tests.fakes.clock import MONDAY, SettableClock
from tests.fakes.knowledge_base import ARTICLE, BODY, FakeBase, profile
from tests.fakes.mentor_directory import MENTORS, FakeMentors
from tests.fakes.notifier import FakeNotifier
from tests.fakes.people import CONTACTS, PEOPLE
from tests.fakes.stores import Ports, memory_ports, sql_ports
from tests.fakes.wired_services import SPECIFIC, TUESDAY_TEN, Answered, House, done, refused

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
    "FakeBase",
    "FakeMentors",
    "FakeNotifier",
    "House",
    "Ports",
    "SettableClock",
    "done",
    "memory_ports",
    "profile",
    "refused",
    "sql_ports",
]
