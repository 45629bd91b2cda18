"""A person's switch, from the act to what is sent: it holds from the next turn on, for mentees and for mentors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.adapters.consent import Consent, DirectoryNames
from assistant.adapters.model.resilience.resilient_language import ResilientLanguages
from assistant.adapters.store.memory_usage import MemoryUsage
from assistant.domain.provenance import Provenance
from assistant.ports import Account, Audit
from assistant.services.accounts.access import Actor
from assistant.services.results import Refusal
from tests.fakes import SPECIFIC, TUESDAY_TEN, FakeApp, SettableClock, done, memory_ports
from tests.fakes.languages import FakeLanguage
from tests.unit.adapters.model.scripted import Script


class Told(FakeLanguage):
    """Stands where the services expect their language; each turn is a resilient one."""

    def __init__(self) -> None:
        super().__init__()
        self.languages: ResilientLanguages | None = None

    def turn(self, person: str, others: object = ()) -> object:  # type: ignore[override]
        assert self.languages
        return self.languages.turn(person, others)  # type: ignore[arg-type]


@pytest.fixture
def script() -> Script:
    """The model says what the offline language says, so that the dialogue goes on; debrief is its own."""
    plain = FakeLanguage()
    made = Script()
    make = made.make

    def turn(*given: object) -> object:
        turn = make(*given)  # type: ignore[arg-type]

        def as_offline(task: str) -> object:
            offline = getattr(plain, task)

            def do(*words: object) -> object:
                turn._do(task, None)
                return offline(*words)

            return do

        for task in ("sharpen", "answer", "brief", "debrief"):
            setattr(turn, task, as_offline(task))
        return turn

    made.make = turn  # type: ignore[method-assign, assignment]
    return made


@pytest.fixture
def home(script: Script) -> Iterator[FakeApp]:
    language = Told()
    wired = FakeApp(memory_ports(), SettableClock(), language)
    consent = Consent(wired.ports.accounts)
    language.languages = ResilientLanguages(
        script.make, FakeLanguage(), MemoryUsage(), wired.clock, allowed=consent.person,
        names=DirectoryNames(wired.ports.accounts, wired.directory), version=lambda task: "v1", named=lambda task: "tiny",
    )  # fmt: skip
    yield wired
    language.languages.close()


def provenance(wired: FakeApp, request: str) -> Provenance:
    return wired.load(request).replies[-1].provenance


def test_it_holds_from_the_next_turn_on(home: FakeApp, script: Script) -> None:
    lena, request = home.actor("lena"), home.open()
    home.say(request, SPECIFIC)
    assert provenance(home, request).way == "model"
    asked = len(script.asked)
    assert done(home.people.switch_model(lena, False)) is False
    assert not home.people.allows_model(lena)
    request = home.open()
    home.say(request, SPECIFIC)
    assert provenance(home, request) == Provenance("offline", "switched_off")
    assert len(script.asked) == asked
    assert done(home.people.switch_model(lena, True)) is True
    request = home.open()
    home.say(request, SPECIFIC)
    assert provenance(home, request).way == "model"


def test_it_is_audited_once_and_for_oneself(home: FakeApp) -> None:
    lena = home.actor("lena")
    for on in (False, False, True):
        home.people.switch_model(lena, on)
    audits = [audit for audit in home.ports.store.audits if audit.operation == "model.switch"]  # type: ignore[attr-defined]
    now = home.clock.now()
    assert audits == [Audit("lena", "model.switch", "off", now), Audit("lena", "model.switch", "on", now)]
    assert isinstance(home.people.switch_model(Actor("lena"), False), Refusal)


def test_an_administrator_does_not_change_it_by_changing_the_account(home: FakeApp) -> None:
    home.people.switch_model(home.actor("lena"), False)
    done(home.people.put(home.actor("alasdair"), Account("lena", "Lena B", frozenset({"mentee"}))))
    assert not home.people.allows_model(home.actor("lena"))


def test_the_notes_of_a_mentor_who_has_it_off_are_not_sent(home: FakeApp, script: Script) -> None:
    home.people.switch_model(home.mentor("ada"), False)
    request = home.open()
    home.say(request, SPECIFIC)
    home.say(request, "yes")
    done(home.briefing.choose(home.actor("lena"), request, "ada"))
    done(home.briefing.ready_to_note(home.actor("lena"), request))
    done(home.briefing.approve(home.actor("lena"), request, home.brief_hash(request)))
    done(home.handoff.accept(home.mentor("ada"), request, TUESDAY_TEN))
    home.clock.set(TUESDAY_TEN)
    done(home.sessions.held(home.mentor("ada"), request))
    for actor in (home.actor("lena"), home.mentor("ada")):
        noted = done(home.debriefing.note(actor, request, "takeaway: start with the ask"))
        assert noted.debrief is not None
        assert noted.debrief.provenance == Provenance("offline", "switched_off")
    assert "debrief" not in script.asked
    home.people.switch_model(home.mentor("ada"), True)
    noted = done(home.debriefing.note(home.actor("lena"), request, "takeaway: start with the ask"))
    assert noted.debrief is not None
    assert noted.debrief.provenance == Provenance("model", "", ("debrief@v1",), "tiny")


def test_everybody_in_the_directory_is_hidden(home: FakeApp) -> None:
    names = DirectoryNames(home.ports.accounts, home.directory)()
    assert {"Lena Brack", "Petra Lind", "Ada Rowntree", "Cleo Marchetti"} <= names
    languages = home.language.languages  # type: ignore[attr-defined]
    assert languages.redaction().hide("Petra Lind said that Ada knows it") == "PERSON_1 said that PERSON_2 knows it"
