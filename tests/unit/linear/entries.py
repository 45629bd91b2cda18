"""How the product reads what people write: each entry takes one text, as the service or the page would hand it on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO

from assistant.adapters.offline.composing.candidates import Material, addition, candidates, finished
from assistant.adapters.offline.composing.person import own
from assistant.adapters.offline.composing.plain_words import cleaned
from assistant.adapters.offline.composing.questions import direct, told
from assistant.adapters.offline.offline_language import OfflineLanguage
from assistant.adapters.offline.reading import replies, roles
from assistant.adapters.offline.reading.spans import Span, trimmed
from assistant.adapters.offline.reading.unit_model import Reader, Reading, Unit, chunks
from assistant.cli.screen import Screen
from assistant.dialogue.brief_talk import brief_wish, named
from assistant.dialogue.clarify import next_question
from assistant.dialogue.grounding.entailment import states_more, supported
from assistant.dialogue.grounding.evidence import aligned, checked, checked_debrief
from assistant.dialogue.language_io import Excerpt
from assistant.dialogue.policy import choice
from assistant.dialogue.privacy.redaction import Redaction
from assistant.dialogue.same_ask import word_for_word
from assistant.dialogue.understanding import Act, Extraction, Turn, Understanding
from assistant.dialogue.update_need import updated_need
from assistant.dialogue.whole_sentences import whole_sentences
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


class EveryRole(Reader):
    """In place of the network, which is measured by itself: units of 240 letters, each role surely stated."""

    def read(self, text: str, pause: Callable[[], None] = lambda: None) -> Reading:
        spans = [trimmed(text, Span(start, min(start + 240, len(text)))) for start in range(0, len(text), 240)]
        units = [self._unit(text, span, "ASOTWDFXNEG"[n % 11]) for n, span in enumerate(spans) if span.length]
        return Reading(tuple(units), {"specific": 0.9}, {"none": 1.0}, {"none": 0.9}, {"none": 1.0})

    def _unit(self, text: str, span: Span, role: str) -> Unit:
        words = tuple((at, at + 1, 0.5) for at in range(0, span.length, 6))
        return Unit(span, span.of(text), {role: 0.9}, 0.9 if role in "AO" else 0.0, 0.9 if role in "SW" else 0.0, words)


RULES = OfflineLanguage(reader=EveryRole())
NETWORK = Reader()


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
    return replies.correction(Turn(text, MONDAY, "UTC", KNOWN, None, (), False), EveryRole().read(text))


def negation(text: str) -> object:
    turn = Turn(text, MONDAY, "UTC", KNOWN, Asks("slot", "deadline"), (), False)
    return replies.answer(turn, "deadline", EveryRole().read(text), frozenset({Act.NEGATION}))


def sharpening(text: str) -> object:
    each = [Need({slot: Slot(text, text)}) for slot in SLOTS]
    every = Need({slot: Slot(text, text) for slot in SLOTS}, (Facet("part", text, False),))
    return [RULES.sharpen(need, Kind.SPECIFIC) for need in each], RULES.sharpen(every, Kind.TRAJECTORY, (text, text))


def clause(text: str) -> object:
    """One endless clause on its way to a question."""
    return cleaned(text), own(text), direct(text), direct(f"{text}?"), told(text), finished(cleaned(text))


def wordings(text: str) -> object:
    units = [Material(text), Material("How do I plan the budget?"), Material(text, ((0, 4, 0.9),))]
    return [candidates(units, asked, (0, 1, 2)) for asked in range(3)], addition(units[2], 17)


def slots(text: str) -> object:
    reading = EveryRole().read(text)
    return roles.stated(text, reading), roles.presence(reading), roles.excluded(text, reading)


def parts(text: str) -> object:
    """The parts in which a long text is read; every letter is one token, so that many parts are needed."""
    return chunks(text, len)


def reading(text: str) -> object:
    """The network itself; texts are told apart by their length, for it remembers the last ones."""
    return NETWORK.read(text)


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
    return said, next_question(KNOWN, (), (), Understanding(Kind.VAGUE), text)


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
    wishes = brief_wish(text), named(text, (match,)), whole_sentences(text), word_for_word(text[9:200], (text,))
    return choice(Request("r", matches=(match,)), text), wishes


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
    **UNDERSTANDING, "sharpening": sharpening, "clause": clause, "wordings": wordings, "slots": slots, "parts": parts,
    "brief": brief, "asking": asking, "searching": searching, "article": article,
    "support": support, "page": page, "redaction": redaction, "profile": profile, "choosing": choosing, "terminal": terminal,
}  # fmt: skip
