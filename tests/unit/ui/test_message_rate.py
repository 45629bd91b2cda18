"""The handler of the page refuses what is sent too fast; the page puts the text of a refused message back into its box."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.ui.wire import Received, Wire, open_app, served

SAY = "ask.say"


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with served(open_app(tmp_path_factory.mktemp("rate"), messages_per_minute=3)) as wire:
        yield wire


def say(wire: Wire, login: str, request: str, message_id: str) -> Received:
    return wire.act(login, SAY, "say", request, message_id=message_id, words=f"words {message_id}")


def test_the_handler_refuses_the_fourth_message_and_stores_nothing_of_it(limited: Wire) -> None:
    for n in range(3):
        assert say(limited, "lena", "r1", f"m{n}").refused == ""
    before = limited.wired.picture()
    refused = say(limited, "lena", "r1", "m3")
    assert refused.refused == "too_many_messages"
    assert "send it again in" in refused.told
    assert limited.wired.picture() == before
    assert say(limited, "lena", "r1", "m2").refused == ""
    assert say(limited, "mika", "r2", "m0").refused == ""
