"""A page acts for the person whom it was drawn for, and for nobody who signed in later in the same browser."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.services.conversing.status_text import say
from tests.unit.ui.wire import Handler, Wire
from ui.app import PAGES

NAMES = [page.name for page in PAGES]
EVERY_ACT = [(page.name, act) for page in PAGES for act in (*page.actions, *page.queries, *page.jobs)]


@pytest.fixture
def request_id(wire: Wire) -> str:
    return wire.wired.open("mika", "of-mika")


def by_an_old_tab(who: object, name: str, request: str) -> dict[str, Any]:
    """What the tab of somebody else sends; the cookie is of whoever signed in last."""
    fields = {"words": "from the old tab", "message_id": "old-1", "notes": "x", "question": "board slides", "checked": "true"}
    return {"n": 1, "name": name, "request": request, "fields": fields, "who": who}


@pytest.mark.parametrize("who", ["lena", "", None, 7, ["mika"], "MIKA", "mika "])
def test_no_act_of_any_page_is_done_for_somebody_else(wire: Wire, request_id: str, who: object) -> None:
    before = wire.wired.picture()
    events: list[tuple[Handler, object]] = [(f"{page}.act", by_an_old_tab(who, act, request_id)) for page, act in EVERY_ACT]
    events.append(("ask.say", by_an_old_tab(who, "say", request_id)))
    for (_, data), heard in zip(events, wire.many("mika", events), strict=True):
        assert (heard.refused, heard.told, heard.drawn) == ("other_person", say("refuse.other_person"), {}), data
    assert wire.wired.picture() == before


@pytest.mark.parametrize("page", NAMES)
def test_an_old_tab_does_not_become_the_page_of_somebody_else(wire: Wire, request_id: str, page: str) -> None:
    heard = wire.one("mika", f"{page}.show", {"n": 1, "request": request_id, "who": "lena"})
    assert (heard.refused, heard.drawn) == ("other_person", {})
    assert "Mika" not in heard.raw


@pytest.mark.parametrize("page", NAMES)
def test_a_page_that_was_not_drawn_yet_learns_whose_it_is(wire: Wire, page: str) -> None:
    heard = wire.one("mika", f"{page}.show", {"n": 1, "who": ""})
    assert heard.refused == ""
    assert 'data-me="mika"' in heard.drawn["bar"]


def test_the_person_of_the_page_goes_on(wire: Wire) -> None:
    heard = wire.one("mika", "ask.say", by_an_old_tab("mika", "say", "r-of-mika"))
    assert heard.refused == ""
    assert "from the old tab" in heard.drawn["chat"]


def test_an_old_tab_does_not_sign_somebody_else_out(wire: Wire) -> None:
    answer = wire.client.post("/sign-out", data={"who": "lena"}, headers=wire.headers("mika"))
    assert answer.status_code == 409
    assert say("refuse.other_person") in answer.text
    assert wire.get("mika", "/me").status_code == 200
