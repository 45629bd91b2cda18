"""What is shown is text: nothing that people wrote can steer the terminal or is read as markup."""

from __future__ import annotations

import io
from datetime import date

import pytest

from assistant.cli.screen import WIDEST, Screen
from assistant.domain.brief import AgendaItem, Brief, BriefField
from assistant.domain.debrief import Competency, Debrief, Item
from assistant.domain.mentor import Citation
from assistant.domain.provenance import OFFLINE
from assistant.domain.reply import Sentence
from assistant.services.conversing.status_text import provenance_text, say
from assistant.services.handing_over.debriefing import Minutes

HOSTILE = "\x1b[31mred\x1b[0m [bold]b[/bold] :smile: \u202eevil\x07 https://x.example"


def screen() -> tuple[Screen, io.StringIO]:
    out = io.StringIO()
    return Screen("Europe/Berlin", out), out


def test_hostile_text_stays_text() -> None:
    drawn, out = screen()
    drawn.askwell(HOSTILE)
    drawn.question(HOSTILE)
    drawn.options((HOSTILE, "b"))
    drawn.passages((Citation("a", "a#0", HOSTILE, HOSTILE, 0, 1, stale=True),))
    drawn.article(HOSTILE, HOSTILE, 3, 8)
    drawn.brief(Brief((BriefField("question", HOSTILE, "quote", HOSTILE),), 30, (AgendaItem(HOSTILE, 30),)), HOSTILE)
    drawn.rows([(HOSTILE, HOSTILE)])
    text = out.getvalue()
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\u202e" not in text
    assert "[bold]b[/bold]" in text
    assert ":smile:" in text


def test_nothing_is_wider_than_it_should_be() -> None:
    drawn, out = screen()
    drawn.askwell("word " * 200)
    drawn.question("unbroken" * 60)
    assert max(map(len, out.getvalue().splitlines())) <= WIDEST


def test_a_brief_says_where_its_words_are_from() -> None:
    drawn, out = screen()
    fields = (
        BriefField("question", "How?", "composed"),
        BriefField("background", "the deck", "quote", "my deck, you know"),
        BriefField("tried", "nothing", "edit"),
        BriefField("success", "not stated", "none"),
    )
    drawn.brief(Brief(fields, 30, (AgendaItem("Work", 30),)), "Ada")
    text = " ".join(out.getvalue().split())
    assert say("brief.title", name="Ada") in text
    assert "“my deck, you know”" in text
    assert say("cli.from_edit_alone") in text
    assert say("cli.from_composed_alone") in text
    assert "not stated" in text


def test_a_debrief_keeps_hedges_apart_and_says_who_attested() -> None:
    drawn, out = screen()
    items = (
        Item("action", "send the slide", "I send the slide by Friday", "mentee", date(2026, 11, 27)),
        Item("proposal", "rehearse", "I might rehearse"),
    )
    minutes = Minutes(Debrief(items, ("the appendix",)), (Competency("Leads with the ask", "q", "ada"),), frozenset({"lena"}))
    drawn.minutes(minutes, {"lena": "Lena Brack"})
    text = out.getvalue()
    assert text.index(say("cli.item_action")) < text.index(say("cli.item_proposal"))
    assert "mentee, due Fri 27 Nov 2026" in text
    assert "attested by the mentor" in text
    assert "Lena Brack" in text
    assert say("cli.not_covered") in text


def test_an_answer_names_its_passages_and_its_provenance() -> None:
    drawn, out = screen()
    drawn.answer((Sentence("Put the ask first.", (1,)), Sentence(f"Then stop. {HOSTILE}", (2, 1))))
    text = " ".join(out.getvalue().split())
    assert "Put the ask first. [1] Then stop." in text
    assert text.endswith("[2] [1]")
    assert "\x1b" not in text


def test_what_grows_is_shown_at_a_terminal_and_gone_when_it_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    drawn, out = screen()
    with drawn.partial_answer() as on_partial:
        on_partial((Sentence("Put the ask first.", (1,)),))
        assert "Put the ask first. [1]" in out.getvalue()
        on_partial((Sentence("Put the ask first.", (1,)), Sentence("Then stop.", (2,))))
        assert "Then stop. [2]" in out.getvalue()
    assert out.getvalue().rstrip().endswith("\x1b[2K"), "the lines are taken away"


def test_what_is_no_terminal_shows_only_the_whole() -> None:
    drawn, out = screen()
    with drawn.partial_answer() as on_partial:
        on_partial((Sentence("Put the ask first.", (1,)),))
    assert out.getvalue() == ""


def test_a_debrief_says_which_way_it_came() -> None:
    drawn, out = screen()
    drawn.minutes(Minutes(Debrief((), (), OFFLINE.fallen("resting")), (), frozenset()), {})
    assert provenance_text(OFFLINE.fallen("resting"))[:40] in " ".join(out.getvalue().split())
