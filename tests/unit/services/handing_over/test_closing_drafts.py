"""What is taken along from a closed request: drafts of what both agreed with, for nobody else, and nothing is stored."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.dialogue.language_io import ArticleDraft, SessionOutcome
from assistant.domain.provenance import Provenance
from assistant.services.handing_over.closing_drafts import ClosingDraft
from retrieval.errors import BadSource
from retrieval.importing.article_files import KNOWN_FIELDS
from retrieval.importing.content_files import read_article
from tests.fakes import FakeApp, SettableClock, done, memory_ports, refused
from tests.fakes.languages import FakeLanguage
from tests.unit.services.test_role_matrix import SLOT, walk

MODEL = Provenance("model", "", ("thanks@1",), "small")


class Writer(FakeLanguage):
    """Keeps what it was given, and for whom."""

    def __init__(self, lesson: ArticleDraft | None = None) -> None:
        super().__init__(provenance=MODEL)
        self.asked: list[tuple[str, frozenset[str]]] = []
        self.outcomes: list[SessionOutcome] = []
        self.lesson = lesson

    def turn(self, person: str, others: Collection[str] = ()) -> Writer:
        self.asked.append((person, frozenset(others) - {person}))
        return self

    def thanks(self, outcome: SessionOutcome) -> str:
        self.outcomes.append(outcome)
        return super().thanks(outcome)

    def article(self, outcome: SessionOutcome) -> ArticleDraft:
        self.outcomes.append(outcome)
        return self.lesson or super().article(outcome)


def closed(language: FakeLanguage | None = None, agreed: bool = True) -> tuple[FakeApp, str]:
    wired = FakeApp(memory_ports(), SettableClock(), language or FakeLanguage())
    if agreed:
        return wired, walk(wired, "closed")
    request = walk(wired, "debriefing")
    done(wired.debriefing.confirm(wired.actor("lena"), request))
    done(wired.debriefing.finish(wired.actor("lena"), request))
    return wired, request


def test_a_note_of_thanks_says_what_the_notes_hold_and_is_stored_nowhere() -> None:
    writer = Writer()
    wired, request = closed(writer)
    before = wired.ports.picture()
    writer.asked.clear()
    note = done(wired.closing_drafts.thanks(wired.actor("lena"), request))
    assert "Dear Ada" in note.text
    assert "Start with the ask" in note.text
    assert note == ClosingDraft(note.text, MODEL)
    assert writer.asked == [("lena", frozenset({"login-ada"}))]
    [outcome] = writer.outcomes
    assert (outcome.mentee, outcome.mentor, outcome.on) == ("Lena Brack", "Ada Rowntree", SLOT.date())
    assert outcome.question == wired.load(request).last_question != ""
    assert wired.ports.picture() == before


@pytest.mark.parametrize(("login", "other"), [("lena", "login-ada"), ("login-ada", "lena")])
def test_an_article_is_for_both_without_names_and_reads_as_one(login: str, other: str, tmp_path: Path) -> None:
    writer = Writer()
    wired, request = closed(writer)
    writer.asked.clear()
    draft = done(wired.closing_drafts.article(wired.actor(login), request))
    assert writer.asked == [(login, frozenset({other}))]
    assert [name for name in ("Lena", "Brack", "Ada", "Rowntree") if name in draft.text] == []
    fields = [line.partition(":")[0] for line in draft.text.split("---")[1].strip().splitlines()]
    assert set(fields) == set(KNOWN_FIELDS)
    with pytest.raises(BadSource, match=r"lacks topics, owner, reviewed_on, review_every\b"):
        read_article(put(tmp_path, draft.text))
    article = read_article(put(tmp_path, filled(draft.text)))
    assert article.title == wired.load(request).last_question
    assert article.reviewed_on == date(2026, 11, 2)
    assert draft.file == f"{article.id}.md"


TITLES = ('How: do I "ask"? #1 {a} [b]', "--- \n# two\nlines", "Wie übe ich das?", "一二三", "'", "- x", "\t")


@pytest.mark.parametrize("title", TITLES)
def test_whatever_a_title_holds_the_front_matter_can_be_read(title: str, tmp_path: Path) -> None:
    wired, request = closed(Writer(ArticleDraft(title, f"{title} summed: up", "## What was learned\n\n- x")))
    draft = done(wired.closing_drafts.article(wired.actor("lena"), request))
    if title.strip():
        article = read_article(put(tmp_path, filled(draft.text)))
        assert article.title == " ".join(title.split())
        assert article.summary == " ".join(f"{title} summed: up".split())
    assert draft.file[:-3].replace("-", "").isalnum()
    assert draft.file.isascii()


def test_only_what_both_agreed_with_becomes_an_article() -> None:
    wired, request = closed(agreed=False)
    for login in ("lena", "login-ada"):
        refused(wired.closing_drafts.article(wired.actor(login), request), "not_agreed")
    assert done(wired.closing_drafts.thanks(wired.actor("lena"), request)).text


def test_before_the_end_and_without_a_session_there_is_none() -> None:
    wired = FakeApp(memory_ports(), SettableClock())
    going_on = walk(wired, "debriefing")
    for login in ("lena", "login-ada"):
        done(wired.debriefing.confirm(wired.actor(login), going_on))
        refused(wired.closing_drafts.article(wired.actor(login), going_on), "not_closed")
    refused(wired.closing_drafts.thanks(wired.actor("lena"), going_on), "not_closed")
    solved = wired.open()
    wired.say(solved, "task: face the board\noutcome: a yes")
    done(wired.conversation.solved(wired.actor("lena"), solved))
    refused(wired.closing_drafts.thanks(wired.actor("lena"), solved), "no_notes")


def test_the_mentor_who_passed_it_on_gets_nothing() -> None:
    wired, request = closed()
    refused(wired.closing_drafts.article(wired.mentor("ben"), request), "not_the_holder")
    refused(wired.closing_drafts.thanks(wired.mentor("ada"), request), "not_allowed")
    stranger = replace(wired.actor("mika"), mentor="ada")
    refused(wired.closing_drafts.article(stranger, request), "unknown_request")


def filled(text: str) -> str:
    given = {"topics: []": "topics: [board]", "owner:": "owner: Finance", "reviewed_on:": "reviewed_on: 2026-11-02"}
    for field, value in {**given, "review_every:": "review_every: 180 days"}.items():
        text = text.replace(f"\n{field}\n", f"\n{value}\n")
    return text


def put(folder: Path, text: str) -> Path:
    (folder / "article.md").write_text(text, "utf-8")
    return folder / "article.md"
