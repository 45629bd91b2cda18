"""Out of scope by impression alone: what the base has an answer to is no foreign matter; words that say it leave no doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.dialogue.understanding import Turn, Understanding
from assistant.domain.reply import Kind
from tests.fakes import FakeApp, SettableClock, memory_ports
from tests.fakes.languages import FakeLanguage, tagged

KNOWN, UNKNOWN = "I need help with my board deck.", "Which orchid likes my bathroom?"


@pytest.mark.parametrize(
    ("unsure", "known", "kind"),
    [(True, True, Kind.VAGUE), (True, False, Kind.OUT_OF_SCOPE), (False, True, Kind.OUT_OF_SCOPE)],
)
def test_what_the_base_knows_decides_a_doubt(clock: SettableClock, unsure: bool, known: bool, kind: Kind) -> None:
    def suspicious(turn: Turn) -> Understanding:
        return replace(tagged(turn), kind=Kind.OUT_OF_SCOPE, scope_unsure=unsure)

    wired = FakeApp(memory_ports(), clock, FakeLanguage(on_turn=suspicious))
    request = wired.open()
    answer = wired.say(request, KNOWN if known else UNKNOWN)
    assert answer.request.kind is kind
