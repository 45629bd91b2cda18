"""What a language puts into words changes no decision: answers cite what is shown, an abstention is said, ways are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from assistant.dialogue.language_io import Excerpt, SuggestedPerson
from assistant.domain import events as e
from assistant.domain.brief import Brief
from assistant.domain.mentor import Citation, Match
from assistant.domain.need import Need, Slot
from assistant.domain.provenance import OFFLINE, Provenance
from assistant.domain.reply import Kind, Sentence
from assistant.services.conversing.compose_answer import compose
from assistant.services.conversing.research import Findings
from assistant.services.conversing.status_text import say
from tests.fakes import ARTICLE, FakeApp, SettableClock, done, memory_ports
from tests.fakes.languages import FakeLanguage

NEED = Need({"task": Slot("face the board", "face the board")})
CITED = tuple(Citation(f"a{n}", f"a{n}#0", f"Article {n}", f"Quote {n}.", 0, 8) for n in (1, 2, 3))
FOUND = Findings(True, citations=CITED, excerpts=tuple(Excerpt(c.title, c.quote) for c in CITED))
MATCHES = tuple(Match(who, who.title(), "Lead", "Sales", "senior", 0.5, f"plain {who}", "I did.") for who in ("ada", "ben"))
ASK_FIRST = Sentence("Put the ask first.", (1,))


BY_MODEL = Provenance("model", "", ("answer@1",), "some-model")


@dataclass
class Eloquent(FakeLanguage):
    """A language that words reasons and the brief too, as a model does."""

    provenance: Provenance = BY_MODEL

    def explain(self, question: str, people: Sequence[SuggestedPerson]) -> tuple[str, ...]:
        return tuple(f"{person.name} has done this: {person.quote}" for person in people)

    def brief(self, draft: Brief, said: Sequence[str]) -> Brief:
        return draft.edited("materials", "the deck", "quote")


def composed(answer: tuple[Sentence, ...] | None, cite: bool = True, found: Findings = FOUND):  # type: ignore[no-untyped-def]
    language = Eloquent(on_excerpts=lambda question, excerpts: answer)
    return compose(language, NEED, Kind.VAGUE, "the board", found, MATCHES, cite, lambda grown: None)


def test_only_the_citations_that_an_answer_uses_are_shown_in_the_order_of_their_use() -> None:
    made = composed((Sentence("Third.", (3,)), Sentence("Both.", (1, 3))))
    assert [c.article for c in made.citations] == ["a3", "a1"]
    assert made.answer == (Sentence("Third.", (1,)), Sentence("Both.", (2, 1)))
    assert not made.abstained


def test_a_citation_shows_the_words_that_the_answer_rests_on_and_where_they_stand() -> None:
    """The search shows what is nearest to the question, which need not be what was answered with."""
    article = "# Boards\n\nBoards decide on numbers. Put the ask on the first slide. Send the deck two days before."
    start, text = article.index("Boards decide"), article[article.index("Boards decide") :]
    near = Citation("a1", "a1#0", "Boards", "Boards decide on numbers.", start, start + 25, 0.9, stale=True)
    found = Findings(True, citations=(near,), excerpts=(Excerpt("Boards", text, start),))
    said = [("The deck goes out two days before.", (1,)), ("The ask is on slide one.", (1,)), ("Send it two days before.", (1,))]
    made = composed(tuple(Sentence(*one) for one in said), found=found)
    assert [shown.quote for shown in made.citations] == ["Send the deck two days before.", "Put the ask on the first slide."]
    assert [one.cites for one in made.answer] == [(1,), (2,), (1,)]
    for shown in made.citations:
        assert article[shown.start : shown.end] == shown.quote
        assert replace(shown, quote=near.quote, start=near.start, end=near.end) == near
    assert composed(None, found=found).citations == (near,)


def test_without_an_answer_all_passages_speak_for_themselves() -> None:
    made = composed(None)
    assert (made.citations, made.answer, made.abstained) == (CITED, (), False)


def test_an_abstention_keeps_the_passages_and_is_told() -> None:
    made = composed(())
    assert (made.citations, made.answer, made.abstained) == (CITED, (), True)


@pytest.mark.parametrize("found", [replace(FOUND, known=False, unclear=True), FOUND])
def test_nothing_is_answered_where_the_base_does_not_know_or_no_passages_are_wanted(found: Findings) -> None:
    asked: list[object] = []
    language = Eloquent(on_excerpts=lambda question, excerpts: asked.append(question))
    compose(language, NEED, Kind.VAGUE, "the board", found, (), not found.known, lambda grown: None)
    assert asked == []


def test_reasons_are_the_languages_and_the_order_is_not() -> None:
    made = composed(None)
    assert [match.mentor for match in made.matches] == ["ada", "ben"]
    assert made.matches[1].reason == "Ben has done this: I did."
    assert replace(made.matches[1], reason="plain ben") == MATCHES[1]


def wired_with(language: FakeLanguage) -> FakeApp:
    return FakeApp(memory_ports(), SettableClock(), language)


def test_an_answer_is_heard_while_it_grows_and_recorded_with_its_way() -> None:
    wired = wired_with(Eloquent(on_excerpts=lambda question, excerpts: (ASK_FIRST, Sentence("Then the number.", (1,)))))
    request = wired.open()
    stored = done(wired.conversation.record(wired.actor("lena"), request, "m1", "task: face the board\noutcome: a yes"))
    heard: list[tuple[Sentence, ...]] = []
    reply = done(wired.conversation.answer(stored, heard.append)).reply_to("m1")
    assert reply is not None
    assert [len(grown) for grown in heard] == [1, 2]
    assert heard[-1] == reply.answer
    assert reply.provenance == BY_MODEL
    assert reply.citations[0].article == ARTICLE.id
    assert wired.load(request).replies[-1] == reply


def test_where_the_passages_do_not_answer_after_all_the_base_is_said_to_be_near_only() -> None:
    wired = wired_with(FakeLanguage(on_excerpts=lambda question, excerpts: ()))
    reply = wired.say(wired.open(), "task: face the board\noutcome: a yes").reply
    assert reply is not None
    assert say("propose.perhaps", title=ARTICLE.title) in reply.say
    assert reply.citations


@pytest.mark.parametrize("by", ["button", "words"])
def test_a_brief_is_worded_by_the_language_and_keeps_the_way(by: str) -> None:
    wired = wired_with(Eloquent())
    request = wired.open()
    wired.say(request, "task: face the board\noutcome: a yes\ncontext: new CFO")
    if by == "words":
        wired.say(request, "1")
    else:
        wired.say(request, "yes")
        done(wired.briefing.choose(wired.actor("lena"), request, "ada"))
    drafted = [event for event in wired.ledger.events(request) if isinstance(event, e.BriefDrafted)]
    assert drafted[-1].brief.field("materials").text == "the deck"
    assert drafted[-1].provenance == BY_MODEL


def test_choosing_another_person_keeps_the_brief_that_stands() -> None:
    wired = wired_with(Eloquent())
    request = wired.to_brief("ada")
    done(wired.briefing.edit(wired.actor("lena"), request, "materials", "my own words"))
    done(wired.briefing.choose(wired.actor("lena"), request, "ben"))
    drafted = [event for event in wired.ledger.events(request) if isinstance(event, e.BriefDrafted)]
    assert drafted[-1].brief.field("materials").text == "my own words"
    assert drafted[-1].provenance == OFFLINE
