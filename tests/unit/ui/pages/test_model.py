"""The switch for the language model in the bar of every page, and what curators see of the model's use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.adapters.store.sql_usage import SqlUsage
from assistant.domain.usage import Spent
from assistant.services.conversing.status_text import say
from tests.fakes import MONDAY
from tests.unit.ui.wire import Wire, open_app, served

ASK = Spent(MONDAY, "p0", "ask", "tiny", "v1", 1_000_000, 100_000, 400_000)


@pytest.fixture
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with served(open_app(tmp_path_factory.mktemp("web"))) as wire:
        yield wire


@pytest.mark.parametrize("page", ["ask", "requests", "mentor", "library"])
def test_everybody_has_the_switch_on_every_page(wire: Wire, page: str) -> None:
    people = wire.wired.app.services.people
    lena = wire.wired.actor("lena")
    for checked in ("false", "true"):
        heard = wire.one("lena", f"{page}.act", {"n": 1, "name": "switch_model", "fields": {"checked": checked}})
        assert heard.refused == ""
        assert people.allows_model(lena) is (checked == "true")
        box = heard.drawn["bar"].partition('id="switch-model"')[2].partition(">")[0]
        assert (" checked" in box) is (checked == "true")
    assert say("page.model_means") in heard.drawn["bar"]


def test_the_switch_is_ones_own(wire: Wire) -> None:
    wire.one("mika", "ask.act", {"n": 1, "name": "switch_model", "fields": {"checked": "false", "login": "lena", "as": "lena"}})
    assert not wire.wired.app.services.people.allows_model(wire.wired.actor("mika"))
    assert wire.wired.app.services.people.allows_model(wire.wired.actor("lena"))


def test_without_a_model_the_library_says_so(fresh: Wire) -> None:
    drawn = fresh.one("petra", "library.show", {"n": 1}).drawn
    assert say("usage_page.no_model") in drawn["usage"]
    assert "<table" not in drawn["usage"]


def test_curators_see_what_it_did_and_cost(fresh: Wire) -> None:
    store = SqlUsage(fresh.wired.app.engine)
    for n in range(5):
        store.record(replace(ASK, person=f"private-{n}", outcome="" if n else "late"))
    for login in ("petra", "alasdair"):
        usage = fresh.one(login, "library.show", {"n": 1}).drawn["usage"]
        for words in (
            "5,500,000",
            "80%",
            "40%",
            say("usage.no_price"),
            say("usage_task.ask"),
            f"{say('usage_fallback.late')}: 1",
        ):
            assert words in usage, words
        assert "private" not in usage
    for login in ("lena", "login-ada"):
        assert fresh.one(login, "library.show", {"n": 1}).drawn["usage"] == ""


def test_of_few_people_only_the_total_is_shown(fresh: Wire) -> None:
    SqlUsage(fresh.wired.app.engine).record(replace(ASK, outcome="late"))
    usage = fresh.one("petra", "library.show", {"n": 1}).drawn["usage"]
    assert say("usage_page.few") in usage
    assert "1,100,000" in usage
    assert say("usage_task.ask") not in usage
    assert say("usage_fallback.late") not in usage
