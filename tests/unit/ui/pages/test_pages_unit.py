"""What pages are made of, without a server: what a browser sent, what records become, and how a template is drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from assistant.domain import stages as s
from assistant.domain.mentor import Citation
from tests.fakes import MONDAY, FakeApp
from tests.unit.services.test_role_matrix import COLUMNS, walk
from ui.page_context import LARGEST, LONGEST_NAME, LONGEST_VALUE, MOST_FIELDS, PageInput
from ui.pages.navigation_bar import home
from ui.pages.plain_pages import local_path
from ui.pages.session_parts import moment
from ui.rendering import view_models
from ui.rendering.templates import day, render, time_element

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
KEYS = st.sampled_from(["n", "name", "request", "fields"])


# What the browser sent.


@given(ANYTHING | st.dictionaries(KEYS, ANYTHING))
def test_whatever_is_sent_becomes_bounded_text_under_short_names(data: object) -> None:
    sent = PageInput.read(data)
    assert 0 <= sent.n < LARGEST
    for text in (sent.name, sent.request, *sent.fields):
        assert isinstance(text, str)
        assert len(text) <= LONGEST_NAME
    for value in sent.fields.values():
        assert isinstance(value, str)
        value.encode()
    assert len(sent.fields) <= MOST_FIELDS


def test_what_is_of_the_right_form_is_taken_as_it_is() -> None:
    sent = PageInput.read(
        {"n": 7, "name": "note", "request": "r1", "fields": {"notes": "a\nb é 🙂", "n": 3}, "login": "alasdair"}
    )
    assert sent == PageInput(7, "r1", "note", {"notes": "a\nb é 🙂"})
    assert (sent.get("notes"), sent.get("nothing")) == ("a\nb é 🙂", "")


def test_too_much_is_cut_and_not_refused() -> None:
    long = PageInput.read({"fields": {"words": "x" * (LONGEST_VALUE + 1), "y" * (LONGEST_NAME + 1): "z"}})
    assert {name: len(value) for name, value in long.fields.items()} == {"words": LONGEST_VALUE}
    assert len(PageInput.read({"fields": {str(n): "v" for n in range(1000)}}).fields) == MOST_FIELDS


@pytest.mark.parametrize("text", ["", "x", "2026-11-03", "2026-11-03T10:00", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00",
                                  "2026-13-01T00:00Z", "\x00", "∞", "2026-11-03T10:00+99:00"])  # fmt: skip
def test_a_moment_without_its_zone_is_none(text: str) -> None:
    assert moment(text) is None


def test_a_moment_is_taken_in_utc() -> None:
    assert moment("2026-11-03T11:00:00+01:00") == datetime(2026, 11, 3, 10, tzinfo=UTC)


@given(st.text(max_size=40))
def test_an_address_onward_is_inside_or_nothing(onward: str) -> None:
    found = local_path(onward)
    assert found in ("", onward)
    assert not found or (found[0] == "/" and found[1:2] not in ("/", "\\") and "\\" not in found and found.isprintable())


@pytest.mark.parametrize(("roles", "start"), [("mentee", "/"), ("mentor", "/mentor"), ("curator", "/library"),
                                              ("admin", "/library"), ("mentee mentor", "/")])  # fmt: skip
def test_where_one_begins(roles: str, start: str) -> None:
    assert home(frozenset(roles.split())) == start


# What records become.


@pytest.mark.parametrize("stage", COLUMNS)
def test_the_steps_of_a_request(memory_app: FakeApp, stage: str) -> None:
    request = memory_app.load(walk(memory_app, stage))
    now = {"sharpening": "sharpen", "proposed": "know", "ready": "match", "briefing": "brief", "offered": "brief",
           "more_asked": "brief", "exchanging": "meet", "booked": "meet", "debriefing": "close"}.get(stage)  # fmt: skip
    states = {step.name: step.state for step in view_models.steps(request.stage)}
    assert list(states) == list(view_models.STEPS)
    assert [name for name, state in states.items() if state == "now"] == ([now] if now else [])
    order = ["done", "now", "ahead"]
    assert list(states.values()) == sorted(states.values(), key=order.index)
    assert view_models.can_edit(request) is (stage in ("sharpening", "proposed", "ready", "briefing"))
    assert view_models.can_withdraw(request) is (stage not in ("debriefing", "closed"))
    assert bool(view_models.people(request)) is (stage in ("proposed", "ready", "briefing"))


def test_the_conversation_is_in_its_order_and_only_the_last_reply_is_live(memory_app: FakeApp) -> None:
    request = walk(memory_app, "ready")
    turns = view_models.conversation(memory_app.load(request))
    assert [turn.message.text for turn in turns if turn.message][-1] == "yes"
    assert [turn.live for turn in turns if turn.reply] == [False, True]
    closed = memory_app.load(walk(memory_app, "closed"))
    assert not any(turn.live for turn in view_models.conversation(closed))


def test_the_seal_of_a_draft_changes_with_every_word_and_reader(memory_app: FakeApp) -> None:
    request = walk(memory_app, "briefing")
    stage = memory_app.load(request).stage
    assert isinstance(stage, s.Briefing)
    sheet = view_models.draft_sheet(stage)
    assert sheet.approval_hash == memory_app.brief_hash(request)
    assert sheet.ready is all(check.passed for _, check in sheet.checks)
    memory_app.briefing.edit(memory_app.actor("lena"), request, "tried", "other words")
    assert memory_app.brief_hash(request) != sheet.approval_hash


@pytest.mark.parametrize(("after", "share"), [(-5, 0), (0, 0), (5, 50), (10, 100), (99, 100)])
def test_how_much_time_is_gone(after: float, share: int) -> None:
    due = MONDAY + timedelta(hours=10)
    assert view_models.percent_gone(MONDAY, due, MONDAY + timedelta(hours=after)) == share
    assert view_models.percent_gone(MONDAY, MONDAY, MONDAY) == 100


def test_a_citation_leads_to_its_exact_text() -> None:
    citation = Citation("board-slides", "board-slides#0", "Board slides", "Put the ask", 3, 14)
    assert view_models.anchor(citation) == "/article/board-slides?start=3&end=14#quote"


# How it is drawn.


def test_every_value_is_escaped_and_a_missing_one_is_a_bug() -> None:
    assert (
        render("empty_state", sentence='<b onclick="x">&') == '<div class="empty"><p>&lt;b onclick=&#34;x&#34;&gt;&amp;</p></div>'
    )
    with pytest.raises(UndefinedError):
        render("empty_state")


def test_a_moment_is_drawn_in_the_zone_of_the_reader() -> None:
    mine, theirs = time_element(MONDAY, "Europe/Berlin"), time_element(MONDAY, "Europe/Berlin", "Asia/Kolkata")
    assert "Mon 2 Nov 10:00" in mine
    assert 'datetime="2026-11-02T09:00:00+00:00"' in mine
    assert "Mon 2 Nov 14:30 Asia/Kolkata" in theirs
    assert "Kolkata" not in time_element(MONDAY, "Asia/Kolkata", "Asia/Kolkata")
    assert day(date(2026, 11, 2)) == "Mon 2 Nov"
