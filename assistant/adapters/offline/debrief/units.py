"""Splits notes or a transcript into sentences with offsets, speaker and section heading.

A transcript is recognised by its speaker labels ("Name: ...", `<v Name>`) or a WEBVTT header. The copy that
is read has straight quotes and the same length, so offsets in it are offsets in the notes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assistant.adapters.offline.debrief.lexicon import either, sections
from retrieval.text import sentence_ends

_STRAIGHT = str.maketrans(
    {
        0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x201E: '"', 0x2013: "-", 0x2014: "-",
        0x00A0: " ", 0x202F: " ",
    }
)  # fmt: skip
_TIME = re.compile(r"^\s*[\[(]?(?:\d{1,2}:)?\d{1,2}:\d\d(?:[.,]\d+)?[\])]?(?:\s*-->.*$|\s+)")
_CUE = re.compile(r"-->|^\s*\d+\s*$")
_VOICE = re.compile(r"\s*<v(?:\.[\w.]+)?\s+(?P<name>[^>\n]{1,40})>\s*")
_LABEL = re.compile(r"\s*(?:\*\*)?(?P<name>[^\W\d_][\w .'-]{0,30}?)(?:\s*\([^)\n]{0,30}\))?(?:\*\*)?:(?:\*\*)?\s+")
_BULLET = re.compile(r"\s*(?:(?:[-*\u2022\u25aa\u25cf\u25e6>+]|\d{1,2}[.)]|[a-z]\)|\[[ ]?\])\s+)+")
_DONE = re.compile(r"\s*(?:[-*]\s+)?\[[xX]\]")
_HEAD = re.compile(r"^[#*\s]*(?P<words>[A-Za-z][A-Za-z ,/'-]{0,40}?)\s*+[:*]*+\s*+$")
_QUOTED = re.compile(r'"[^"\n]*"')
_OTHER_ENDS = re.compile(
    r";(?=\s(?:we|you|he|she|they|whether|(?-i:[A-Z])\w*)\b[^,;]*\s)|\s(?:->|=>)\s|</v>"
    r"|,\s(?=(?:and|or) (?:maybe|perhaps)\b)",
    re.IGNORECASE,
)
_LEAST_TURNS = 4
_MOST, _LONGEST = 120_000, 600


@dataclass(frozen=True)
class Statement:
    """One sentence: notes[start:end] is its quote, `text` the normalised copy, `said` that with quoted speech blanked."""

    start: int
    end: int
    text: str
    said: str
    line: int
    speaker: str = ""
    section: str = ""
    bullet: bool = False


@dataclass(frozen=True)
class Session:
    """All sentences in order; `transcript` when speakers are labelled."""

    units: tuple[Statement, ...]
    transcript: bool
    text: str


@dataclass(frozen=True)
class _TextLine:
    start: int
    text: str
    number: int
    speaker: str = ""
    section: str = ""
    bullet: bool = False


def read(notes: str) -> Session:
    """Splits at most the first 120,000 characters."""
    text = notes[:_MOST].translate(_STRAIGHT)
    lines = list(_lines(text))
    spoken = _spoken(lines, text)
    placed = _with_speakers(lines) if spoken else _with_sections(lines)
    return Session(tuple(unit for line in placed for unit in _sentences(line)), spoken, text)


def _lines(text: str) -> Iterator[_TextLine]:
    start, captions = 0, text.lstrip().startswith("WEBVTT")
    header = captions
    for number, raw in enumerate(text.split("\n")):
        blank = not raw.strip()
        header = header and not blank
        if not header and not (captions and (_CUE.search(raw) or raw.startswith("NOTE"))):
            cut = _TIME.match(raw)
            skip = cut.end() if cut else 0
            yield _TextLine(start + skip, raw[skip:], number)
        start += len(raw) + 1


def _label(line: str) -> re.Match[str] | None:
    return _VOICE.match(line) or _LABEL.match(line)


def _spoken(lines: list[_TextLine], text: str) -> bool:
    full = [line for line in lines if line.text.strip()]
    names = Counter(found["name"].strip() for line in full if (found := _label(line.text)))
    common = sum(times for _, times in names.most_common(3))
    if text.lstrip().startswith("WEBVTT"):
        return bool(names)
    repeated = sum(1 for times in names.values() if times > 1) > 1
    return common >= _LEAST_TURNS and common * 2 > len(full) and repeated


def _with_speakers(lines: list[_TextLine]) -> Iterator[_TextLine]:
    speaker = ""
    for line in lines:
        found = _label(line.text)
        speaker = found["name"].strip() if found else speaker
        skip = found.end() if found else 0
        yield replace(line, start=line.start + skip, text=line.text[skip:], speaker=speaker)


def _with_sections(lines: list[_TextLine]) -> Iterator[_TextLine]:
    section, bullets = "", False
    for line in lines:
        heading = _heading(line.text)
        if heading is not None:
            section, bullets = heading, False
            continue
        marker = _BULLET.match(line.text)
        if section and not marker and (bullets or not line.text.strip()):
            section = section if not line.text.strip() and not bullets else ""
        if _DONE.match(line.text):
            continue
        bullets = bullets or bool(marker)
        yield _inline(replace(line, section=section, bullet=bool(marker)), marker.end() if marker else 0)


def _heading(text: str) -> str | None:
    found = _HEAD.match(text)
    marked = found and (text.strip().endswith((":", "*")) or text.lstrip().startswith("#"))
    for name in sections():
        if found and re.fullmatch(either(f"section.{name}"), found["words"].strip(), re.IGNORECASE):
            return name
    return "" if marked and len(text.split()) <= 4 and not text.strip().endswith("**") else None


def _inline(line: _TextLine, skip: int) -> _TextLine:
    rest = line.text[skip:]
    for name in sections():
        found = re.match(rf"\s*{either(f'section.{name}')}\s*(?::|(?<=\bq)\s)\s*(?=\S)", rest, re.IGNORECASE)
        if found:
            return replace(line, start=line.start + skip + found.end(), text=rest[found.end() :], section=name)
    return replace(line, start=line.start + skip, text=rest)


def _sentences(line: _TextLine) -> Iterator[Statement]:
    blanked = _QUOTED.sub(lambda found: '"' + "_" * (len(found[0]) - 2) + '"', line.text)
    begin = 0
    for end, after in _bounded([*_ends(line.text), (len(line.text), len(line.text))]):
        raw = line.text[begin:end]
        left = len(raw) - len(raw.lstrip(" \t\r*"))
        body = raw.strip(" \t\r*")
        if any(character.isalnum() for character in body):
            at = begin + left
            said = blanked[at : at + len(body)]
            place = line.start + at
            yield Statement(place, place + len(body), body, said, line.number, line.speaker, line.section, line.bullet)
        begin = after


def _ends(text: str) -> list[tuple[int, int]]:
    """Where a sentence ends and the next begins, which is also at some semicolons, arrows and "and maybe"."""
    marks = ((end, end) for end, _ in sentence_ends(text))
    return sorted([*marks, *(found.span() for found in _OTHER_ENDS.finditer(text))])


def _bounded(stops: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Sentence ends at most 600 characters apart, which bounds the length of a sentence."""
    begin = 0
    for end, after in stops:
        yield from ((cut, cut) for cut in range(begin + _LONGEST, end, _LONGEST))
        yield end, after
        begin = after
