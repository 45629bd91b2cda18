"""Who may do what over the wire: every handler and every act by its name, in every stage, by everybody.

The outcome is what the table of roles says (tests/unit/services/test_role_matrix.py); which act asks for which operation is
written down here on its own. A refusal changes no byte, and no answer holds a word that its reader may not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.stages import Briefing
from tests.fakes import MONDAY
from tests.unit.services.test_role_matrix import COLUMNS, EXPECTED, LATER, SLOT, table, walk
from tests.unit.services.test_role_matrix import ROLES as BY_ROLE
from tests.unit.ui.wire import AppServices, Handler, Received, Wire, open_app, served

HANDLERS = ("ask.show", "ask.act", "ask.say", "requests.show", "requests.act", "mentor.show", "mentor.act", "library.show",
            "library.act")  # fmt: skip
ACTS = """
ask.edit_slot            request.edit       name=tried words=everything
ask.confirm              request.confirm    question=What?
ask.solved               request.solve
ask.choose               request.choose     mentor=cleo
ask.edit_brief           brief.edit         name=tried words=everything
ask.in_person            brief.edit         name=success
ask.ready_to_note        brief.edit         checked=true
ask.only_first           brief.edit
ask.approve              brief.approve      hash=SEAL
ask.withdraw             request.withdraw
ask.move                 booking.move       start=LATER
ask.held                 booking.held
ask.note                 debrief.note       notes=takeaway:_less_is_more
ask.confirm_debrief      debrief.confirm
ask.report               competency.report  words=tells_a_story
ask.finish               request.finish
ask.switch_model         model.switch       checked=true
ask.seen                 news.read
ask.thanks               draft.thanks
ask.article              draft.article
requests.switch_model    model.switch       checked=true
requests.seen            news.read
mentor.accept            offer.accept       start=SLOT
mentor.accept_written    offer.accept
mentor.pass_on           offer.pass
mentor.ask               offer.ask          words=How_much?
mentor.post              thread.post        message_id=new-message words=hello
mentor.hand_back         thread.hand_back
mentor.move              booking.move       start=LATER
mentor.cancel            booking.cancel
mentor.held              booking.held
mentor.note              debrief.note       notes=takeaway:_less_is_more
mentor.confirm_debrief   debrief.confirm
mentor.attest            competency.attest  words=tells_a_story
mentor.switch_model      model.switch       checked=true
mentor.seen              news.read
mentor.article           draft.article
library.switch_model     model.switch       checked=true
library.seen             news.read
library.search           knowledge.search   question=board_slides
library.reindex          knowledge.reindex
"""
TOGETHER = {("choose", "proposed"): "M"}
"""Choosing a person on the page also confirms the question that stands there."""
PEOPLE = {
    "lena": "mentee", "login-ada": "mentor", "login-ben": "mentor", "mika": "mentee", "login-dov": "mentor", "petra": "curator",
    "alasdair": "admin",
}  # fmt: skip
MENTEE, HOLDER, FORMER, *STRANGERS = PEOPLE
BETWEEN_US = "canary-4711"
SECRETS = (BETWEEN_US, "face the board", "new CFO", "start with the ask", "By when?", "Lena Brack")
Event = tuple[Handler, dict[str, Any]]


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """The server, with everybody signed in and no request yet."""
    root = tmp_path_factory.mktemp("matrix")
    with served(open_app(root)) as wire:
        for login in PEOPLE:
            wire.cookie(login)
        wire.wired.keep(root / "empty.db")
        yield wire


@pytest.fixture(scope="module")
def unknown(wire: Wire) -> dict[str, list[Received]]:
    """What everybody is told about a request that does not exist."""
    begin(wire.wired)
    return {login: wire.many(login, events(wire.wired, "no-such-request")) for login in PEOPLE}


@pytest.fixture(params=COLUMNS)
def stage(request: pytest.FixtureRequest, wire: Wire) -> str:
    """A request of lena in this stage, whose id is the name of the stage; ben has passed, ada holds it from the offer on."""
    wired, name = wire.wired, str(request.param)
    begin(wired)
    wired.open("lena", name)
    wired.say(name, f"between us: {BETWEEN_US}", "s0")
    walk(wired, name)
    if name == "booked":
        wired.clock.set(SLOT)
    return name


def begin(wired: AppServices) -> None:
    wired.restore(wired.path.parent.parent / "empty.db")
    wired.clock.set(MONDAY)


def rows() -> list[tuple[str, str, str, dict[str, str]]]:
    """(page, act, operation, fields) of the table."""
    found = []
    for line in ACTS.strip().splitlines():
        where, operation, *fields = line.split()
        page, _, act = where.partition(".")
        words = {name: value.replace("_", " ") if name in ("words", "notes", "question") else value
                 for name, _, value in (field.partition("=") for field in fields)}  # fmt: skip
        found.append((page, act, operation, words))
    return found


def filled(wired: AppServices, request: str, fields: dict[str, str]) -> dict[str, str]:
    stage = wired.load(request).stage
    seal = wired.brief_hash(request) if isinstance(stage, Briefing) else "0"
    words = {"SEAL": seal, "SLOT": SLOT.isoformat(), "LATER": LATER.isoformat()}
    return {name: words.get(value, value) for name, value in fields.items()}


def events(wired: AppServices, request: str) -> list[Event]:
    """Everything that can be asked of the server about a request."""
    saying = {"message_id": "new-message", "words": "one more word"}
    shows: list[Event] = [(name, {"n": at, "request": request}) for at, name in enumerate(HANDLERS) if name.endswith(".show")]
    acts: list[Event] = [
        (f"{page}.act", {"n": at, "name": act, "request": request, "fields": filled(wired, request, fields)})
        for at, (page, act, _, fields) in enumerate(rows(), 10)
    ]
    return [*shows, ("ask.say", {"n": 1, "name": "say", "request": request, "fields": saying}), *acts]


def operation_of(event: Event) -> str | None:
    """None for looking at a page: everybody may, and sees their own. Only the mentee's page is about one request alone."""
    page, _, kind = str(event[0]).partition(".")
    if kind == "act":
        return next(operation for at, act, operation, _ in rows() if (at, act) == (page, event[1]["name"]))
    return {("ask", "say"): "request.say", ("ask", "show"): "request.read"}.get((page, kind))


def is_allowed(login: str, event: Event, stage: str) -> bool:
    operation = operation_of(event)
    if operation is None:
        return True
    if operation not in EXPECTED:
        return table(BY_ROLE)[operation][PEOPLE[login]] == "x"
    letters = EXPECTED[operation][stage] + TOGETHER.get((event[1].get("name", ""), stage), "")
    return {MENTEE: "M", HOLDER: "H"}.get(login, "nobody") in letters


def forbidden_to(login: str, stage: str) -> tuple[str, ...]:
    """What must not stand anywhere in an answer to this person."""
    offered = COLUMNS.index(stage) >= COLUMNS.index("offered")
    knows = login == MENTEE, login in (HOLDER, FORMER) and offered
    return () if knows[0] else (BETWEEN_US,) if knows[1] else SECRETS


def check_words(heard: Received, login: str, stage: str) -> None:
    found = [word for word in forbidden_to(login, stage) if word in heard.raw]
    assert found == [], f"{login} reads {found} in {stage}"


def name_of(event: Event) -> str:
    return f"{event[0]}.{event[1].get('name', '')}"


# The tables here are complete.


def test_every_handler_is_in_the_table(wire: Wire) -> None:
    found = wire.registered("lena")
    assert set(found) == set(HANDLERS)
    assert len(set(found.values())) == len(HANDLERS)


def test_every_act_is_in_the_table() -> None:
    from ui.app import PAGES

    written = {(page.name, act) for page in PAGES for act in (*page.actions, *page.queries, *page.jobs)}
    assert {(page, act) for page, act, _, _ in rows()} == written
    assert {operation for _, _, operation, _ in rows()} <= EXPECTED.keys() | table(BY_ROLE).keys()


# Every cell.


def test_whoever_has_no_part_in_it_does_nothing_and_learns_nothing(
    wire: Wire, stage: str, unknown: dict[str, list[Received]]
) -> None:
    before, asked = wire.wired.picture(), events(wire.wired, stage)
    for login in STRANGERS:
        for event, heard, about_none in zip(asked, wire.many(login, asked), unknown[login], strict=True):
            what = f"{login} {name_of(event)} in {stage}"
            assert bool(heard.refused) is not is_allowed(login, event, stage), f"{what}: {heard.refused}"
            assert heard.answers == about_none.answers, what
            check_words(heard, login, stage)
    assert wire.wired.picture() == before


def test_the_mentor_who_once_held_it_has_no_part_in_it(wire: Wire, stage: str, unknown: dict[str, list[Received]]) -> None:
    before, asked = wire.wired.picture(), events(wire.wired, stage)
    held = COLUMNS.index(stage) >= COLUMNS.index("offered")
    for event, heard, about_none in zip(asked, wire.many(FORMER, asked), unknown[FORMER], strict=True):
        check_words(heard, FORMER, stage)
        pages = {name: html for name, html in heard.drawn.items() if name != "bar"}
        assert pages == {name: html for name, html in about_none.drawn.items() if name != "bar"}, name_of(event)
        if operation_of(event) in EXPECTED and operation_of(event) != "request.say":
            assert heard.refused == ("not_the_holder" if held else "unknown_request"), name_of(event)
        else:
            assert heard.refused == about_none.refused
    assert wire.wired.picture() == before


@pytest.mark.parametrize("login", [MENTEE, HOLDER])
def test_the_mentee_and_the_mentor_do_what_the_table_says(wire: Wire, stage: str, login: str, tmp_path: Path) -> None:
    wired, clock = wire.wired, wire.wired.clock.now()
    kept, before = wired.keep(tmp_path / "kept.db"), wired.picture()
    asked = events(wired, stage)
    refused = [event for event in asked if not is_allowed(login, event, stage)]
    for event, heard in zip(refused, wire.many(login, refused), strict=True):
        assert heard.refused, name_of(event)
        assert len(heard.told) > 20, name_of(event)
        check_words(heard, login, stage)
    assert wired.picture() == before
    for event in (event for event in asked if is_allowed(login, event, stage)):
        if event[1].get("name") == "move":
            wired.clock.set(MONDAY + timedelta(hours=1))
        heard = wire.one(login, *event)
        wired.clock.set(clock)
        assert heard.refused == "", f"{name_of(event)} in {stage}: {heard.told}"
        check_words(heard, login, stage)
        wired.restore(kept)


def test_an_act_of_another_page_is_no_act(wire: Wire) -> None:
    begin(wire.wired)
    request = wire.wired.open("lena", "r1")
    before = wire.wired.picture()
    pages = sorted({name.partition(".")[0] for name in HANDLERS})
    own = {page: {act for at, act, _, _ in rows() if at == page} for page in pages}
    every = set().union(*own.values()) | {"", "say", "show", "__class__", "regions"}
    asked = [(f"{page}.act", {"name": act, "request": request}) for page in pages for act in sorted(every - own[page])]
    assert {heard.refused for heard in wire.many("lena", asked)} == {"no_act"}
    assert wire.wired.picture() == before


def test_nobody_reaches_no_handler(wire: Wire) -> None:
    begin(wire.wired)
    wire.wired.open("lena", "r1")
    before = wire.wired.picture()
    for n in HANDLERS:
        joined = wire.join("", n, {"n": 1, "name": "withdraw", "request": "r1", "fields": {"message_id": "a", "words": "b"}}, "s")
        assert joined.status_code == 401, n
    assert wire.get("", "/gradio_api/queue/data?session_hash=s").status_code == 401
    assert wire.client.post("/gradio_api/cancel", json={"session_hash": "s", "fn_index": 0, "event_id": "e"}).status_code == 401
    assert wire.wired.picture() == before


# Another person's session.


def test_whoever_uses_the_session_of_another_acts_as_themselves(wire: Wire) -> None:
    begin(wire.wired)
    wire.wired.open("lena", "r1")
    before = wire.wired.picture()
    assert wire.join("lena", "ask.show", {"n": 1, "request": "r1"}, "lenas").status_code == 200
    assert "Lena Brack" in wire.listen("lena", "lenas")
    wire.join("mika", "ask.act", {"n": 1, "name": "withdraw", "request": "r1", "fields": {}}, "lenas")
    [heard] = wire.heard("mika", "lenas").values()
    assert heard.refused == "unknown_request"
    assert wire.wired.picture() == before


def test_whoever_listens_to_the_session_of_another_hears_nothing(wire: Wire) -> None:
    begin(wire.wired)
    wired = wire.wired
    wired.open("lena", "r1")
    wired.say("r1", f"between us: {BETWEEN_US}")
    assert wire.join("lena", "ask.show", {"n": 1, "request": "r1"}, "overheard").status_code == 200
    assert wire.join("mika", "requests.show", {"n": 2}, "overheard").status_code == 200
    stolen = wire.listen("mika", "overheard")
    assert "Mika Sorsa" in stolen
    assert BETWEEN_US not in stolen
    assert "Lena Brack" not in stolen
    assert BETWEEN_US in wire.listen("lena", "overheard")


# Pages without Gradio.


def shown(answer: Any) -> str:
    """A status, and where it leads."""
    return " ".join(filter(None, [str(answer.status_code), answer.headers.get("location", "")]))


def test_every_plain_page(wire: Wire, stage: str) -> None:
    before = wire.wired.picture()
    for login in ("", *PEOPLE):
        own, file = login == MENTEE, stage == "booked" and login in (MENTEE, HOLDER)
        expected = {
            f"/request/{stage}": f"303 /?request={stage}" if own else f"303 /mentor?request={stage}",
            f"/request/{stage}/session.ics": "200" if file else "404",
            "/article/board-slides": "200",
            "/me": "200",
            "/": "200",
            "/sign-in": "200",
        }
        if not login:
            away = {path: f"303 /sign-in?next={path.replace('/', '%2F')}" for path in expected}
            expected = away | {"/me": "401", "/live": "401", "/sign-in": "200"}
        for path, outcome in expected.items():
            answer = wire.get(login, path)
            assert shown(answer) == outcome, f"{login} {path}"
            secrets = SECRETS[:-1] if path == "/sign-in" else forbidden_to(login, stage)
            assert [word for word in secrets if word in answer.text] == [], f"{login} {path}"
    assert wire.wired.picture() == before


def test_what_is_served_as_a_page_says_nothing_about_anybody(wire: Wire, stage: str) -> None:
    for path in ("/", "/requests", "/mentor", "/library"):
        pages = [re.sub(r'nonce="[^"]*"', "", wire.get(login, f"{path}?request={stage}").text) for login in (MENTEE, "mika")]
        assert [word for word in (*SECRETS, "Mika Sorsa") if word in pages[0] + pages[1]] == []
    for path in ("/config", "/info", "/gradio_api/info"):
        assert wire.get(MENTEE, path).status_code == 404
