"""A demo on a public address: the sample people, without the rights of curators and administrators, however one came in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.ports import Audit
from assistant.services.accounts.access import Actor
from assistant.services.conversing.status_text import say
from tests.fakes import MONDAY, PEOPLE, done
from tests.unit.ui.wire import Wire, open_app, served

ADMIN = Actor("alasdair", frozenset({"admin"}))
PASSWORD = "a plain long sentence"


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """The application of a local demo, opened again as a public one. Mika is an administrator beside being a mentee."""
    wired = open_app(tmp_path_factory.mktemp("public"), demo="public", public_url="https://askwell.example")
    mika = next(account for account in PEOPLE if account.login == "mika")
    both = replace(mika, roles=frozenset({"mentee", "admin", "curator"}))
    wired.app.accounts.put(both, Audit("test", "account.put", "mika", MONDAY))
    with served(wired) as wire:
        yield wire


def test_samples_are_shown_and_come_in(wire: Wire) -> None:
    page = wire.client.get("/sign-in").text
    assert "Lena Brack" in page
    assert "Ada Rowntree" in page
    assert wire.get("lena", "/me").status_code == 200


@pytest.mark.parametrize("login", ["alasdair", "petra"])
def test_who_has_no_other_role_does_not_come_in(wire: Wire, login: str) -> None:
    assert next(p.name for p in PEOPLE if p.login == login) not in wire.client.get("/sign-in").text
    answer = wire.client.post("/sign-in/sample", data={"login": login})
    assert answer.status_code == 401
    assert say("refuse.no_sample") in answer.text


def test_who_has_another_role_comes_in_with_that_alone(wire: Wire) -> None:
    sign_in_service = wire.wired.app.sign_in_service
    ticket = done(sign_in_service.as_sample("mika"))
    actor = sign_in_service.who(ticket.token)
    assert actor is not None
    assert actor == sign_in_service.actor("mika")
    assert actor.roles == ticket.account.roles == {"mentee"}
    assert wire.wired.app.services.people.put(actor, PEOPLE[0]).__class__.__name__ == "Refusal"


def test_a_handler_gives_no_more_than_the_sign_in(wire: Wire) -> None:
    """Gradio hands the login on, and the handler looks the person up again."""
    before = wire.wired.base.rebuilt
    assert wire.act("mika", "library.act", "reindex").refused == "role"
    assert wire.wired.base.rebuilt == before
    assert "library" in wire.one("mika", "library.show", {"n": 1}).drawn
    assert say("library_page.not_yours") in wire.one("mika", "library.show", {"n": 1}).drawn["library"]


def test_a_sign_in_of_the_local_demo_has_no_more_rights_here(wire: Wire) -> None:
    app = wire.wired.app
    local = local_gate(wire)
    tokens = {login: done(local.as_sample(login)).token for login in ("alasdair", "petra", "mika")}
    assert app.sign_in_service.who(tokens["alasdair"]) is None
    assert app.sign_in_service.who(tokens["petra"]) is None
    mika = app.sign_in_service.who(tokens["mika"])
    assert mika is not None
    assert mika.roles == {"mentee"}


def local_gate(wire: Wire):  # type: ignore[no-untyped-def]
    """The gate that `ASKWELL_DEMO=true` would have over the same accounts."""
    from assistant.bootstrap import build

    settings = wire.wired.app.settings.model_copy(update={"demo": True})
    return build(settings, clock=wire.wired.clock).sign_in_service


def test_an_administrator_with_a_password_has_all_rights(wire: Wire, tmp_path: Path) -> None:
    sign_in_service = wire.wired.app.sign_in_service
    done(sign_in_service.set_password(ADMIN, "alasdair", PASSWORD))
    actor = sign_in_service.who(done(sign_in_service.sign_in("alasdair", PASSWORD, "192.0.2.1")).token)
    assert actor is not None
    assert actor.roles == sign_in_service.actor("alasdair").roles == {"admin"}  # type: ignore[union-attr]
