"""What is shown is text: nothing that people wrote can steer the terminal or is read as markup."""

from __future__ import annotations

import io
from datetime import date

from assistant.cli.screen import WIDEST, Screen
from assistant.domain.brief import AgendaItem, Brief, BriefField
from assistant.domain.debrief import Competency, Debrief, Item
from assistant.domain.mentor import Citation
from assistant.services.debriefing import Minutes
from assistant.services.wording import say

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
