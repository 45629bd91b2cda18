"""NUL, half characters, over-long ids and other nonsense, in everything that takes a text: one sentence, never a failure.

Generated over every route and every act of every page. The database is as strict as PostgreSQL, and nothing unfit reaches it.
"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from assistant.services.conversing.message_text import LONGEST_MESSAGE_ID, is_id
from assistant.services.conversing.status_text import say
from tests.fakes import MONDAY
from tests.strict_database import strict
from tests.unit.services.test_role_matrix import walk
from tests.unit.ui.support import addresses
from tests.unit.ui.wire import Wire
from ui.app import PAGES

BAD = {
    "nul": "\0", "nul inside": "a\0b", "escape": "\x1b[31m", "half a character": "\ud800", "too long": "x" * 65,
    "longer": "x" * 300, "long": "x" * 5000, "signs": "é" * 300, "turned": "\u202eabc", "line": "a\r\nb", "blank": "  ",
    "quotes": "' OR 1=1; --", "percent": "%00", "way out": "../../etc/passwd", "figures": "\uff19" * 11,
    "large": "9" * 30, "negative": "-1", "far": "9999-12-31T23:45:00+00:00", "early": "0001-01-01T00:00:00+00:00",
    "next to far": "9000-01-01T09:00:00+00:00",
}  # fmt: skip
STREAM = "/gradio_api/"
PEOPLE = ("lena", "login-ada")
ACTED = {name: BAD[name] for name in ("nul inside", "half a character", "long", "figures", "next to far")}
STAGES = ("proposed", "briefing", "offered", "exchanging", "booked", "debriefing")
BOTH = ("exchanging", "booked", "debriefing")
WITHOUT_A_REQUEST = {"switch_model", "seen", "search", "reindex"}
ROUTES = ("/article/{}", "/request/{}", "/request/{}/session.ics", "/own/{}", "/gradio_api/heartbeat/{}", "/{}")
QUERIES = (
    "/article/board-slides?start={}", "/article/board-slides?end={}", "/article/board-slides?part={}", "/sign-in?next={}",
    "/gradio_api/queue/data?session_hash={}", "/?request={}", "/mentor?request={}",
)  # fmt: skip
FORMS = (("/sign-in", ("login", "password", "next")), ("/sign-in/sample", ("login", "next")))


@pytest.fixture(autouse=True)
def nothing_unfit_reaches_the_database(wire: Wire, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with strict(wire.wired.app.engine) as noted, caplog.at_level(logging.ERROR):
        yield
    assert noted == []
    assert [record.message for record in caplog.records] == []


def check(answer: Any, what: str) -> None:
    """Below 500, and a refusal is a sentence: on a page, or under `detail`."""
    assert answer.status_code < 500, what
    if answer.status_code >= 400:
        kind = answer.headers["content-type"]
        words = answer.json()["detail"] if kind.startswith("application/json") else answer.text
        assert isinstance(words, str), what
        assert re.search(r"[A-Z][^<>{}\[\]]{20,}[.?]", words), f"{what}: {words[:300]}"


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
@pytest.mark.parametrize("login", ["", "lena"])
def test_in_an_address(wire: Wire, login: str, value: str) -> None:
    for pattern in (*ROUTES, *QUERIES):
        if STREAM in pattern and re.fullmatch(r"[\w-]{1,64}", value):
            continue  # a session of this name may be opened, and its stream does not end
        path = pattern.format(quote(value.encode("utf-8", "surrogatepass"), safe=""))
        check(wire.get(login, path), path[:80])
        check(wire.client.get(path, headers={**wire.headers(login), "Accept": "text/html"}), path[:80])


def test_every_address_with_a_part_that_is_given_is_among_these(wire: Wire) -> None:
    """What Gradio has beside them is not reached: see the tests of its door."""
    given = {route.path for route in wire.web.routes if "{" in getattr(route, "path", "")}
    own = {re.sub(r"\{[^}]*\}", "{}", path) for path in given}
    assert own <= set(ROUTES)
    assert {"/article/x", "/request/x"} <= {address.path for address in addresses(wire.web)}


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_in_a_form(wire: Wire, value: str) -> None:
    raw = quote(value.encode("utf-8", "surrogatepass"), safe="")
    for path, names in FORMS:
        body = "&".join(f"{name}={raw}" for name in names)
        answer = wire.client.post(path, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
        check(answer, f"{path} {body[:60]}")
        assert answer.status_code == 401
    wire.wired.clock.forward(hours=2)


@pytest.mark.parametrize("value", [v for v in BAD.values() if "\n" not in v and "\0" not in v])
def test_in_a_cookie_and_a_header(wire: Wire, value: str) -> None:
    raw = value.encode("utf-8", "surrogatepass")
    for headers in ({"Cookie": b"askwell=" + raw}, {"Cookie": b"askwell-browser=" + raw}, {"Last-Event-ID": raw}):
        check(wire.client.get("/me", headers=headers), str(headers)[:60])
        check(wire.client.post("/sign-in/sample", data={"login": "nobody"}, headers=headers), str(headers)[:60])


# What the pages can do.


@cache
def fields() -> frozenset[str]:
    """Every field that any page reads of what it is sent."""
    names = set[str]()
    for path in (Path(module) for module in Path("ui/pages").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("sent.get",):
                names.add(str(ast.literal_eval(node.args[0])))
    return frozenset(names)


def acts() -> list[tuple[str, str]]:
    """(the handler, the name of the act) of everything but saying, which is no act of a page."""
    return [(f"{page.name}.act", name) for page in PAGES for name in (*page.actions, *page.queries, *page.jobs)]


def event(name: str, request: str, value: str, **known: str) -> dict[str, Any]:
    return {"n": 1, "name": name, "request": request, "fields": {**dict.fromkeys(fields(), value), **known}}


@pytest.fixture
def kept(wire: Wire) -> Iterator[Path]:
    """The database as it is with both people signed in, put back in the end."""
    wire.wired.clock.set(MONDAY)
    for login in PEOPLE:
        wire.cookie(login)
    kept = wire.wired.keep(wire.wired.path.parent.parent / "kept.db")
    yield kept
    wire.wired.restore(kept)


def test_the_fields_are_found() -> None:
    assert {"words", "message_id", "mentor", "start", "notes", "question", "upto", "hash"} <= fields()
    assert len(acts()) > 30


@pytest.mark.parametrize("value", ACTED.values(), ids=ACTED)
def test_as_the_request_of_an_act(wire: Wire, value: str) -> None:
    for login in PEOPLE:
        heard = wire.many(login, [(handler, event(name, value, "words")) for handler, name in acts()])
        for (_, name), one in zip(acts(), heard, strict=True):
            assert one.refused != "unexpected", name
            assert one.refused or name in WITHOUT_A_REQUEST, name
            assert not one.refused or len(one.told) > 20, name
        shown = wire.many(
            login,
            [(handler, {"n": 1, "request": value}) for handler in ("ask.show", "requests.show", "mentor.show", "library.show")],
        )
        assert {one.refused for one in shown} <= {"", "unknown_request"}
        said = wire.one(login, "ask.say", event("say", value, "words"))
        assert said.refused in ("no_act", "role", "bad_id", "unknown_request") or is_id(value)


@pytest.mark.parametrize("value", ACTED.values(), ids=ACTED)
def test_in_every_field_of_an_act(wire: Wire, kept: Path, value: str) -> None:
    """On requests in the stages in which an act goes through; what can be read of it may be taken."""
    for stage in STAGES:
        request = walk(wire.wired, stage)
        before = wire.wired.keep(wire.wired.path.parent.parent / "before.db")
        for login in PEOPLE if stage in BOTH else PEOPLE[stage == "offered" :][:1]:
            heard = wire.many(login, [(handler, event(name, request, value)) for handler, name in acts()])
            for (_, name), one in zip(acts(), heard, strict=True):
                assert one.refused != "unexpected", name
                assert not one.refused or 20 < len(one.told) < 400, name
            wire.wired.restore(before)
        wire.wired.restore(kept)


@pytest.mark.parametrize("value", BAD.values(), ids=BAD)
def test_as_the_name_of_an_act_or_the_id_of_a_message(wire: Wire, kept: Path, value: str) -> None:
    mine, theirs = walk(wire.wired, "proposed"), walk(wire.wired, "exchanging")
    for handler in ("ask.act", "requests.act", "mentor.act", "library.act"):
        heard = wire.one("lena", handler, {"n": 1, "name": value, "request": mine, "fields": {}})
        assert (heard.refused, heard.told) == ("no_act", say("refuse.no_act"))
    heard = wire.one("lena", "ask.say", event("say", mine, "words", message_id=value))
    assert heard.refused in ("", "bad_id", "no_act")
    assert heard.refused or is_id(value, LONGEST_MESSAGE_ID)
    posted = wire.one("login-ada", "mentor.act", event("post", theirs, "words", message_id=value))
    assert (posted.refused == "") is (heard.refused == "")
    assert posted.refused in ("", "bad_id")
