"""Checks an answer while the model streams it, and decides which part may be shown.

A complete sentence is kept if the excerpts it cites support it, else dropped. The open sentence is shown word by word as long as
all its words occur in the excerpts or the question and it adds no number, name, status or address; from the first word that
fails, it waits until it is complete. A citation marker becomes a citation once it is closed and valid, and is never shown as
text. Input is processed character by character, so the result does not depend on how the stream was split.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.dialogue.grounding.entailment import Near, claims_status, has_address, is_covered, supported
from assistant.dialogue.language_io import Excerpt
from assistant.domain.reply import Sentence
from retrieval.text import is_abbreviation

MOST_SENTENCES = 12
MOST_LETTERS = 1_500
LONGEST_SENTENCE = 700
NOTHING = "NOTHING"
_LABEL = r"(?:excerpts?|sources?|passages?|refs?|citations?|cite|see)?"
_NUMBERS = r"\s*\^?\d{1,4}(?:\s*(?:[,;&-]|\u2013|and)\s*\^?\d{1,4})*\s*"
_MARKER = re.compile(rf"\s*\[\s*{_LABEL}\s*[:#]?{_NUMBERS}\]", re.IGNORECASE)
_BRACKETS = str.maketrans("\uff3b\uff3d\u3010\u3011\u27e6\u27e7\u2045\u2046", "[][][][]")
_END = re.compile(r"""(?P<stop>[.!?\u2026])["'\u201d\u2019)*_`]*(?P<cites>(?:\s*\[[^\]\n]{0,40}\])*)[ \t]*(?P<gap>\s+)(?=\S\Z)""")
_LINE = re.compile(r"\n[ \t]*\n\s*\Z|\]\s*[.;,:]?[ \t]*\n\Z|[.!?\u2026:;][\"'\u201d*_`)]*[ \t]*\n\Z")
_ITEM = re.compile(r"\n[ \t]*(?=(?:[-*+\u2022\u2013>]|\d{1,2}[.)]|#{1,6})[ \t]\Z)")
_LIST_MARK = re.compile(r"\A(?:\s|[-*+\u2022\u2013>|#]+(?=\s)|\d{1,2}[.)](?=\s)|\[[ xX]\](?=\s))+")
_MARKDOWN = re.compile(r"`+|~~+|\*+(?=\S)|(?<=\S)\*+|(?<!\w)_+(?=\w)|(?<=\w)_+(?!\w)")
_TEMPLATE = re.compile(r"\[[A-Za-z][A-Za-z _-]{0,30}\]")


class _Open(NamedTuple):
    """The shown part of the open sentence, how many characters were checked, and whether the rest waits."""

    text: str = ""
    judged: int = 0
    waits: bool = False


class StreamingAnswer:
    """One streamed answer from these excerpts.

    `nothing` is true once the model wrote that they do not answer; `ended` counts complete sentences, kept or dropped.
    """

    def __init__(self, excerpts: Sequence[Excerpt], near: Near | None, question: str = "") -> None:
        self._excerpts = tuple(excerpts)
        self._near = near
        self._known = (*self._excerpts, Excerpt("", question)) if question else self._excerpts
        self._done: list[Sentence] = []
        self._raw = ""
        self._open = _Open()
        self._shown: tuple[Sentence, ...] = ()
        self._first = True
        self._full = False
        self.nothing = False
        self.ended = 0

    @property
    def settled(self) -> tuple[Sentence, ...]:
        """The complete sentences that were kept."""
        return () if self.nothing else tuple(self._done)

    def feed(self, piece: str) -> tuple[Sentence, ...] | None:
        """Adds a piece; returns what can be shown now, or None if nothing changed."""
        for letter in piece.translate(_BRACKETS):
            if self._full or self.nothing:
                break
            self._raw += letter
            if letter.isspace() or self._raw[-2:-1].isspace():
                self._cut()
        return self._changed(self._growing())

    def finish(self) -> tuple[Sentence, ...]:
        """Ends the answer and returns its sentences; later input is ignored."""
        if not self._full and not self.nothing:
            self._settle(self._raw)
        self._raw, self._full = "", True
        self._shown = () if self.nothing else tuple(self._done)
        return self._shown

    def _changed(self, now: tuple[Sentence, ...]) -> tuple[Sentence, ...] | None:
        if now == self._shown:
            return None
        self._shown = now
        return now

    def _cut(self) -> None:
        """Settles the open sentence if it has ended."""
        end = _ended(self._raw)
        if end is None:
            return
        whole, self._raw = self._raw[:end], self._raw[end:]
        self._open = _Open()
        self.ended += 1
        self._settle(whole)

    def _settle(self, raw: str) -> None:
        """Keeps the sentence if its citations support it and there is room."""
        sentence = _sentence(raw, len(self._excerpts))
        if self._first and re.search(r"\w", sentence.text):
            self._first = False
            self.nothing = sentence.text.strip(" .!\"'").upper() == NOTHING
        if self.nothing or not sentence.text or len(raw) > LONGEST_SENTENCE or _unresolved(sentence.text):
            return
        if self._repeats(sentence) or not supported(sentence, self._excerpts, self._near):
            return
        if len(self._done) >= MOST_SENTENCES or self._letters() + len(sentence.text) > MOST_LETTERS:
            self._full = True
            return
        self._done.append(sentence)

    def _repeats(self, sentence: Sentence) -> bool:
        return any(sentence.text.casefold() == said.text.casefold() for said in self._done)

    def _letters(self) -> int:
        return sum(len(sentence.text) for sentence in self._done)

    def _growing(self) -> tuple[Sentence, ...]:
        """The settled sentences and the part of the open one that may be shown."""
        if self.nothing:
            return ()
        self._open = self._advanced()
        if not self._open.text or len(self._done) >= MOST_SENTENCES:
            return tuple(self._done)
        return (*self._done, Sentence(self._open.text, _sentence(self._raw, len(self._excerpts)).cites))

    def _advanced(self) -> _Open:
        """Extends the shown part of the open sentence up to the first word that must wait."""
        now = self._open
        for match in re.finditer(r"\s+", self._raw):
            if now.waits:
                break
            if match.start() <= now.judged:
                continue
            text = _partly(self._raw[: match.start()])
            now = _Open(text, match.start()) if self._may_show(text) else _Open(now.text, match.start(), True)
        return now

    def _may_show(self, text: str) -> bool:
        if not text:
            return True
        early = self._first and NOTHING.startswith(text.strip(" .!\"'"))
        long = self._letters() + len(text) > MOST_LETTERS or len(self._raw) > LONGEST_SENTENCE
        if early or long or _unresolved(text) or has_address(text) or claims_status(text):
            return False
        return is_covered(text, self._known)


def _ended(raw: str) -> int | None:
    """The end of the first sentence, or None while it is open."""
    line = _LINE.search(raw) or _ITEM.search(raw)
    if line and _plain(raw[: line.start() + 1]):
        return line.end()
    stop = _END.search(raw)
    if not stop or _quoting(raw[: stop.end()]) or is_abbreviation(raw, stop.start("stop")):
        return None
    return None if raw[-1].islower() or raw[-1] in "[" else stop.end()


def _plain(text: str) -> bool:
    return re.search(r"\w", text) is not None


def _quoting(text: str) -> bool:
    """Whether a quotation is open, in which a full stop does not end the sentence."""
    straight = text.count('"') % 2 == 1
    return straight or text.count("\u201c") > text.count("\u201d")


def _sentence(raw: str, count: int) -> Sentence:
    """The text without markers, Markdown and list marks, with its valid citations."""
    cites: list[int] = []
    for marker in _MARKER.finditer(raw):
        cites += [number for number in _numbers(marker.group()) if 1 <= number <= count]
    return Sentence(_finished(_tidy(raw)), tuple(dict.fromkeys(cites)))


def _numbers(marker: str) -> list[int]:
    """The numbers of one marker, with ranges expanded."""
    found: list[int] = []
    for first, last in re.findall(r"(\d{1,4})(?:\s*[-\u2013]\s*\^?(\d{1,4}))?", marker):
        low, high = int(first), int(last or first)
        found += range(low, min(high, low + MOST_SENTENCES) + 1)
    return found


def _tidy(raw: str) -> str:
    text = raw
    while (less := _MARKER.sub("", text)) != text:
        text = less
    text = _MARKDOWN.sub("", _LIST_MARK.sub("", text.replace("[]", "")))
    text = re.sub(r"\s+(?=[.,;:!?\u2026](?:\s|\Z))", "", " ".join(text.split()))
    return re.sub(r"([.!?])\.\Z", r"\1", text)


def _finished(text: str) -> str:
    ended = not text or text.rstrip("\"'\u201d\u2019)")[-1:] in tuple(".!?:\u2026")
    return text if ended else text.rstrip(",;") + "."


def _partly(raw: str) -> str:
    """The text of an open sentence without an unclosed marker."""
    text = _tidy(re.sub(r"\s*\[[^\]]*\Z", "", raw) + " ")
    return text if _plain(text) else ""


def _unresolved(text: str) -> bool:
    """Whether brackets are left that could be a marker."""
    return re.search(r"[\[\]]", _TEMPLATE.sub("", text)) is not None
