"""How the product reads what people write: each entry takes one text, as the service or the page would hand it on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO

from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.adapters.offline.reading import replies
from assistant.adapters.offline.reading.spans import Span
from assistant.adapters.offline.reading.token_model import Reader, Reading
from assistant.cli.screen import Screen
from assistant.dialogue.clarify import next_question
from assistant.dialogue.grounding.entailment import states_more, supported
from assistant.dialogue.grounding.evidence import aligned, checked, checked_debrief
from assistant.dialogue.language_io import Excerpt
from assistant.dialogue.policy import choice
from assistant.dialogue.privacy.redaction import Redaction
from assistant.dialogue.understanding import Act, Extraction, Turn, Understanding
from assistant.dialogue.update_need import updated_need
from assistant.dialogue.wishes import forms, languages
from assistant.domain.brief import AgendaItem, Brief
from assistant.domain.mentor import Match
from assistant.domain.need import SLOTS, Facet, Need, Slot
from assistant.domain.reply import Asks, Kind, Sentence
from assistant.domain.request import Message, Request
from assistant.services.conversing.message_text import has_words, mostly_foreign, readable
from assistant.services.handing_over.brief_draft import draft
from retrieval.passage import Article, Profile
from retrieval.passages.exact_terms import wants_words
from retrieval.passages.quote import best_quote
from retrieval.passages.split import passages_of
from retrieval.people.profile_text import evidence_of, words_once
from retrieval.people.skill_names import normalised
from retrieval.people.skills import taxonomy
from retrieval.text import content_stems, identifiers, plain_sentences
from ui.rendering import markdown

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
KNOWN = Need({"task": Slot("review the plan", "review the plan"), "context": Slot("a new CFO", "a new CFO")})
BRIEF = Brief((), 10, (AgendaItem("Look at the plan", 5), AgendaItem("Board deck and the numbers", 5)))
PEOPLE = ("Ada Price", "Will May", "Noor Haddad", "Mark Rowntree")
WHOLE = OfflineLanguage()


class EveryLine(Reader):
    """In place of the network, which is measured by itself: six spans that lie across the text, each thought to be stated."""

    def read(self, text: str, pause: Callable[[], None] = lambda: None) -> Reading:
        part = len(text) // 8
        spans = {slot: Span(n * part, (n + 2) * part, 0.9) for n, slot in enumerate(SLOTS)}
        return Reading(spans, dict.fromkeys(SLOTS, 0.9), specific=0.5)


RULES = OfflineLanguage(reader=EveryLine())


def opening(text: str) -> Understanding:
    return checked(RULES.understand(Turn(text, MONDAY, "Europe/Berlin")), text)


def reply(asked: str) -> Callable[[str], object]:
    """A later message, to a question for a slot or for a part; what it says is merged into what is known."""
    asks = Asks("slot" if asked in SLOTS else "facet", asked) if asked else None

    def read(text: str) -> object:
        claim = RULES.understand(Turn(text, MONDAY, "Europe/Berlin", KNOWN, asks, ("numbers",), False))
        return updated_need(KNOWN, checked(claim, text), asks, ("numbers",))

    return read


def correction(text: str) -> object:
    return replies.correction(Turn(text, MONDAY, "UTC", KNOWN, None, (), False), EveryLine().read(text))


def negation(text: str) -> object:
    turn = Turn(text, MONDAY, "UTC", KNOWN, Asks("slot", "deadline"), (), False)
    return replies.answer(turn, "deadline", EveryLine().read(text), frozenset({Act.NEGATION}))


def sharpening(text: str) -> object:
    each = [Need({slot: Slot(text, text)}) for slot in SLOTS]
    every = Need({slot: Slot(text, text) for slot in SLOTS}, (Facet("part", text, False),))
    return [WHOLE.sharpen(need, Kind.SPECIFIC) for need in each], WHOLE.sharpen(every, Kind.TRAJECTORY)


def claims(text: str) -> object:
    """What a model may claim of a text: quotes of it that are nearly right, and one that is not there."""
    quotes = (text[: len(text) // 2], f"{text[5:300]} x", f"{text[: len(text) // 3]}z", text[::-1])
    claim = Understanding(Kind.VAGUE, slots=tuple(Extraction("task", quote, quote) for quote in quotes), facet=text[1:])
    return checked(aligned(claim, text), text)


def brief(text: str) -> object:
    need = Need({slot: Slot(text, text) for slot in SLOTS})
    request = Request("r", mentee="lena", need=need, messages=(Message("m", "lena", text, MONDAY),))
    return WHOLE.brief(draft(request, "How do I plan?", ()), (text,))


def asking(text: str) -> object:
    said = (readable(text), has_words(text), mostly_foreign(text), forms(text), languages(text))
    return said, next_question(KNOWN, (), (), text)


def searching(text: str) -> object:
    said = content_stems(text), identifiers(text), plain_sentences(text)
    return said, wants_words(text), best_quote("How do I plan by Friday?", text)


def article(text: str) -> object:
    return passages_of(Article("a", "A title", "", (), (), "", date(2026, 6, 1), 90, "", text))


def support(text: str) -> object:
    """A sentence of 300 letters, as an answer may have, over an article of this text."""
    said = text[:300]
    return supported(Sentence(said, (1,)), (Excerpt("A title", text),), None), states_more(said, (text,))


def debrief(text: str) -> object:
    found = WHOLE.debrief(text, BRIEF, "Ada Price", "Noor Haddad", date(2026, 6, 10), "mentee")
    return checked_debrief(found, text)


def mentors_debrief(text: str) -> object:
    return WHOLE.debrief(text, BRIEF, "Ada", "Noor", date(2026, 6, 10), "mentor")


def page(text: str) -> object:
    return markdown.markdown(text), markdown.markdown(text, breaks=True), markdown.line(text), markdown.quote_in(text, text[9:-9])


def marked(text: str) -> object:
    return markdown.passage(text, len(text) // 2, len(text) // 2 + 50)


def profile(text: str) -> object:
    """A mentor's own paragraph, and a skill that is named in one word."""
    mentor = Profile("m", "Ada", "Lead", "", "", "UTC", (), (text[:120],), (), 1, "", text)
    return evidence_of(mentor), words_once(mentor), taxonomy().mentioned(text), normalised([text[:8_000]])


def choosing(text: str) -> object:
    match = Match("ada", "Ada Price", "", "", "", 0.5, "", "", ())
    return choice(Request("r", matches=(match,)), text)


def terminal(text: str) -> object:
    screen = Screen("UTC", StringIO())
    screen.speaks("Lena", text)
    screen.quote(text)
    return screen.article("A title", text, len(text) // 2, len(text) // 2 + 50)


def redaction(text: str) -> object:
    redaction = Redaction(PEOPLE)
    return redaction.restore(redaction.hide(text))


UNDERSTANDING = {
    "opening": opening, **{f"reply {asked}".strip(): reply(asked) for asked in ("task", "deadline", "part", "")},
    "correction": correction, "negation": negation, "claims": claims,
}  # fmt: skip
MESSAGES = {
    **UNDERSTANDING, "sharpening": sharpening, "brief": brief, "asking": asking, "searching": searching, "article": article,
    "support": support, "page": page, "redaction": redaction, "profile": profile, "choosing": choosing, "terminal": terminal,
}  # fmt: skip
