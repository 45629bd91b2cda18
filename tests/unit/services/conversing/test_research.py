"""What is shown of what was found: the sentence that answers, only what may be shown, and people by the whole story."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.domain.reply import Reply
from assistant.services.conversing.research import Findings, Research
from assistant.services.conversing.status_text import say
from retrieval.passage import Article, Passage
from retrieval.passages.search import Evidence, Hit
from retrieval.people.experts import ExpertHit
from tests.fakes import ARTICLE, BODY, FakeApp, FakeBase, FakeMentors, SettableClock, memory_ports

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
QUOTE, ANSWER = "Put the ask on the first slide.", "Then show the one number that decides."
LATER = 17
"""Where the passage begins in its article."""


class Base(FakeBase):
    """Finds one passage with the given window and outcome, and remembers by which words people were looked for."""

    def __init__(self, window: tuple[int, int] | None = None, known: bool = True, unclear: bool = False) -> None:
        super().__init__(FakeMentors())
        self.window, self.known, self.unclear = window, known, unclear
        self.people_by: list[str] = []

    def search(self, question: str, k: int = 5) -> Evidence:
        passage = Passage("board-slides#0", ARTICLE.id, ARTICLE.title, (), BODY, LATER, LATER + len(BODY))
        return Evidence((Hit(passage, 0.9, 0.8, 1.0, QUOTE, self.window),), 0.3, self.known, self.unclear)

    def find(self, question: str, k: int = 10, exclude: Collection[str] = ()) -> tuple[ExpertHit, ...]:
        self.people_by.append(question)
        return super().find(question, k, exclude)

    def articles(self, ids: Iterable[str] | None = None) -> dict[str, Article]:
        return {ARTICLE.id: replace(ARTICLE, text=" " * LATER + BODY)}


def look(base: Base, *people_by: str) -> Findings:
    return Research(base, base, base, base).search(("board slides", "told"), NOW, (), people_by)


@pytest.mark.parametrize(("window", "shown"), [((BODY.index(ANSWER), BODY.index(ANSWER) + len(ANSWER)), ANSWER), (None, QUOTE)])
def test_a_citation_is_the_nearest_sentence_at_its_place_in_the_article(window: tuple[int, int] | None, shown: str) -> None:
    base = Base(window)
    (cited,) = look(base).citations
    assert cited.quote == shown
    assert base.articles()[ARTICLE.id].text[cited.start : cited.end] == shown


@pytest.mark.parametrize(("known", "unclear", "shown"), [(True, False, 1), (False, True, 1), (False, False, 0)])
def test_what_is_not_known_is_shown_only_where_it_is_near(known: bool, unclear: bool, shown: int) -> None:
    found = look(Base(known=known, unclear=unclear))
    assert (found.known, found.unclear, len(found.citations)) == (known, unclear, shown)


class NearToAFragment(Base):
    """Takes a few words out of their sentence for what it knows, and the whole sentence for what it does not."""

    def search(self, question: str, k: int = 5) -> Evidence:
        few = len(question.split()) < 5
        return replace(super().search(question, k), known=few, strength=0.6 if few else 0.1)


def test_a_few_words_of_a_need_do_not_decide_that_the_base_knows() -> None:
    base = NearToAFragment()
    wordings = ("how do I merge them", "merge them", "same vendor under five spellings, how do I merge them")
    found = Research(base, base, base, base).search(wordings, NOW)
    assert not found.known
    assert found.citations == ()


def test_people_are_found_by_the_words_that_are_given_for_them() -> None:
    base = Base()
    look(base, "the whole story")
    look(base)
    assert base.people_by == ["the whole story", "board slides", "told"]


def proposed(base: Base, *messages: str) -> Reply:
    """The reply that proposes, after these messages; `base` is all that is known."""
    wired = FakeApp(memory_ports(), SettableClock())
    wired.base = base
    wired._wire()
    request = wired.open()
    replies = [wired.say(request, words).reply for words in messages]
    assert replies[-1]
    return replies[-1]


SPECIFIC = "task: slides\noutcome: approval\ncontext: a new CFO"


@pytest.mark.parametrize(
    ("known", "unclear", "key"), [(True, False, "known"), (False, True, "perhaps"), (False, False, "unknown")]
)
def test_how_sure_the_base_is_is_said(known: bool, unclear: bool, key: str) -> None:
    reply = proposed(Base(known=known, unclear=unclear), SPECIFIC, "skip", "skip", "skip")
    values = {"known": {"titles": ARTICLE.title}, "perhaps": {"title": ARTICLE.title}}.get(key, {})
    assert say(f"propose.{key}", **values) in reply.say
    assert bool(reply.citations) is (key != "unknown")


def test_a_skip_is_no_part_of_the_story() -> None:
    base = Base()
    proposed(base, "task: slides for the board", "skip")
    assert base.people_by[-1] == "task: slides for the board"
