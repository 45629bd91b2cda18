"""An answer that grows, as a browser hears it: one event, the first sentence before the last, at the end what was recorded."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import get_args

import pytest

from assistant.dialogue.language_io import Excerpt, OnPartial, ignore_partial
from assistant.domain.provenance import OFFLINE, Fallback, Provenance
from assistant.domain.reply import Reply, Sentence
from assistant.ports import StoreUnavailable
from assistant.services.conversing.status_text import provenance_text, say
from tests.fakes import SPECIFIC, done
from tests.fakes.languages import FakeLanguage
from tests.unit.ui.support import until
from tests.unit.ui.wire import Received, Wire
from ui.live import progress_stream
from ui.page_context import PageContext
from ui.pages.ask import chat, partial_answer
from ui.rendering.templates import environment

FIRST, SECOND = Sentence("Put the ask on the first slide.", (1,)), Sentence("The rest is an appendix.", (1,))
WHOLE = (FIRST, replace(SECOND, cites=(2,)))
"""As it is recorded: each of the two rests on words of its own in the one passage that both cite."""
SAID = "ask.say"
NUMBERS = count()


class Slow(FakeLanguage):
    """Tells the first sentence, waits `seconds` or until it may go on, and tells the others or fails."""

    def __init__(self) -> None:
        super().__init__()
        self.begin()

    def begin(self, seconds: float = 0.5, error: Exception | None = None) -> None:
        self.goes_on, self.told = threading.Event(), threading.Event()
        self.seconds, self.error = seconds, error

    def answer(
        self, question: str, excerpts: Sequence[Excerpt], on_partial: OnPartial = ignore_partial
    ) -> tuple[Sentence, ...] | None:
        on_partial((FIRST,))
        self.told.set()
        self.goes_on.wait(self.seconds)
        if self.error:
            raise self.error
        on_partial((FIRST, SECOND))
        return (FIRST, SECOND)


@pytest.fixture
def slow(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slow]:
    language = Slow()
    monkeypatch.setattr(wire.wired.app, "languages", language)
    yield language
    language.goes_on.set()


def asked(wire: Wire) -> tuple[str, Received]:
    """The request, and what was heard about its first message."""
    request = f"grow{next(NUMBERS)}"
    return request, wire.one("lena", SAID, saying(request))


def saying(request: str) -> dict[str, object]:
    return {"n": 5, "name": "say", "request": request, "fields": {"message_id": f"{request}-m", "words": SPECIFIC}}


def test_sentences_come_before_the_whole_and_the_end_is_the_record(wire: Wire, slow: Slow) -> None:
    request, heard = asked(wire)
    first, *middle, last = heard.answers
    assert 'data-region="partial_answer"></section>' in first["regions"]["chat"]
    grown = [answer["regions"]["partial_answer"] for answer in middle if "partial_answer" in answer["regions"]]
    assert FIRST.text in grown[0]
    assert SECOND.text not in grown[0]
    assert all(answer["more"] for answer in (first, *middle))
    assert "more" not in last
    reply = wire.wired.load(request).replies[-1]
    assert reply.answer == WHOLE
    chat = last["regions"]["chat"]
    assert chat.count('class="sentence"') == len(reply.answer)
    assert "partial_answer" not in chat
    assert len({answer["at"] for answer in heard.answers}) == len(heard.answers)


def test_a_silence_is_filled_so_that_the_page_waits(wire: Wire, slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_stream, "SILENCE_SECONDS", 0.1)
    slow.begin(1.0)
    _, heard = asked(wire)
    assert len([answer for answer in heard.answers if answer.get("more")]) >= 3


@pytest.mark.parametrize(("error", "code"), [(StoreUnavailable("full"), "storage"), (RuntimeError("canary"), "unexpected")])
def test_what_fails_in_the_middle_is_one_sentence_and_loses_nothing(wire: Wire, slow: Slow, error: Exception, code: str) -> None:
    slow.begin(error=error)
    request, heard = asked(wire)
    assert (heard.refused, "canary" in heard.raw) == (code, False)
    assert wire.wired.load(request).pending
    slow.begin(0)
    again = wire.one("lena", SAID, saying(request))
    assert again.refused == ""
    assert wire.wired.load(request).replies[-1].answer == WHOLE
    assert len(wire.wired.load(request).messages) == 1


def test_a_page_that_is_closed_in_the_middle_is_answered_all_the_same(wire: Wire, slow: Slow) -> None:
    slow.begin(10)
    request = f"grow{next(NUMBERS)}"
    assert wire.join("lena", SAID, saying(request), "left").status_code == 200
    assert slow.told.wait(5)
    slow.goes_on.set()
    until(lambda: not wire.wired.load(request).pending)
    assert wire.wired.load(request).replies[-1].answer == WHOLE


# How an answer is drawn.


def test_a_marker_leads_to_its_passage_and_none_to_nothing(wire: Wire, slow: Slow) -> None:
    request, heard = asked(wire)
    citations = wire.wired.load(request).replies[-1].citations
    chat = heard.last["regions"]["chat"]
    assert len(citations) == 2
    for number, citation in enumerate(citations, 1):
        address = f"/article/{citation.article}?start={citation.start}&amp;end={citation.end}#quote"
        name = say("ask_page.cite", number=number, title=citation.title)
        assert chat.count(f'<a class="cite" href="{address}" data-open aria-label="{name}">[{number}]</a>') == 1


def test_a_growing_answer_has_its_numbers_and_no_links() -> None:
    drawn = partial_answer((Sentence("One.", (1,)), Sentence("Two.", (1, 2))))
    assert drawn.count('<span class="cite">[1]</span>') == 2
    assert drawn.count('<span class="cite">[2]</span>') == 1
    assert "<a " not in drawn


HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/a.png)",
    "[click](https://evil.example)",
    "<script>",
    "&lt;",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_what_a_model_writes_is_plain_text(words: str) -> None:
    drawn = partial_answer((Sentence(words, (1,)),))
    assert words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in drawn
    assert [tag for tag in ("<img", "<a ", "<script") if tag in drawn] == []


# Which way it came.


@pytest.mark.parametrize("code", [code for code in get_args(Fallback) if code])
def test_every_reason_is_one_short_calm_sentence(code: Fallback) -> None:
    for provenance, begins in ((OFFLINE, "Answered without"), (Provenance("model"), "Worded with")):
        said = provenance_text(provenance.fallen(code))
        assert said.startswith(begins)
        assert (said.count("."), said[-1], len(said.split()) <= 30, "!" in said) == (1, ".", True, False)
        assert "_" not in said


def test_without_a_model_nothing_is_said_and_details_are_folded_away() -> None:
    assert provenance_text(OFFLINE) == ""
    template = "{% from 'macros.html' import provenance_note %}{{ provenance_note(it, 'way-1') }}"

    def came(it: Provenance) -> str:
        return environment().from_string(template).render(it=it).strip()

    assert came(OFFLINE) == ""
    assert came(OFFLINE.fallen("late")) == f'<p class="way">{provenance_text(OFFLINE.fallen("late"))}</p>'
    model = came(OFFLINE.with_prompt("answer@ab12", "small<b>"))
    assert model.startswith('<details class="way" id="way-1"><summary>')
    assert "answer@ab12" in model
    assert "small&lt;b&gt;" in model


def test_the_way_stands_under_the_reply_and_the_notes(wire: Wire, slow: Slow) -> None:
    request, _ = asked(wire)
    before = done(wire.wired.request_views.read(wire.wired.actor("lena"), request))
    told = replace(before.replies[-1], provenance=OFFLINE.fallen("cut"))
    assert isinstance(told, Reply)

    context = PageContext(wire.wired.app, wire.wired.actor("lena"))
    assert provenance_text(OFFLINE.fallen("cut")) in chat(context, replace(before, replies=(told,)), working=False)
    assert 'class="way"' not in chat(context, before, working=False)
