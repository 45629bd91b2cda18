"""Splits Markdown into passages that can be read on their own and cited exactly.

A block is a paragraph, a run of list items, a table or a code fence. Blocks are collected under their heading until a passage
has a readable length; a heading ends a passage that is long enough; a block that is too long is split between sentences, or
between words if it has none. For any text: a passage is `text[start:end]`, passages are in order and never overlap, and every
character that is neither whitespace nor in a heading line is in one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.passage import Article, Passage
from retrieval.text import UNDERLINED, count_words, sentences

SHORT, LONG = 80, 220
"""Words of a passage, about."""

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of the text under a path of headings."""

    headings: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    level: int = 0
    heading: str = ""


def passages_of(article: Article) -> list[Passage]:
    """The passages of an article, in order, with the ids `article#0`, `article#1` and so on."""
    return [
        Passage(f"{article.id}#{n}", article.id, article.title, _without(piece.headings, article.title),
                article.text[piece.start : piece.end], piece.start, piece.end)
        for n, piece in enumerate(split(article.text))
    ]  # fmt: skip


def split(text: str) -> list[Piece]:
    """Pieces of about 80 to 220 words, in order."""
    pieces: list[Piece] = []
    path: list[tuple[int, str]] = []
    group: list[_Block] = []
    heads: tuple[str, ...] = ()

    def close() -> None:
        body = list(group)
        while body and body[-1].level:
            body.pop()
        if body:
            pieces.append(Piece(heads, body[0].start, body[-1].end))
        group.clear()

    for block in _blocks(text):
        size = _size(text, group)
        if block.level:
            if size >= SHORT:
                close()
            path = [step for step in path if step[0] < block.level] + [(block.level, block.heading)]
            if group:
                group.append(block)
            continue
        if group and size >= SHORT and size + count_words(text[block.start : block.end]) > LONG:
            close()
        for part in _cut(text, block):
            if group and _size(text, group) >= SHORT and part.start != block.start:
                close()
            if not group:
                heads = tuple(name for _, name in path if name)
            group.append(part)
    close()
    return _join_short_end(text, pieces)


def _without(headings: tuple[str, ...], title: str) -> tuple[str, ...]:
    return headings[1:] if headings and headings[0].strip().lower() == title.strip().lower() else headings


def _size(text: str, group: list[_Block]) -> int:
    return count_words(text[group[0].start : group[-1].end]) if group else 0


def _blocks(text: str) -> Iterator[_Block]:
    """Headings, and runs of lines without a blank line in between; a code fence is one block."""
    start, end, fence = -1, -1, ""
    for low, high in _lines(text):
        line = text[low:high]
        mark = _FENCE.match(line)
        if fence:
            end = low + len(line.rstrip()) if line.strip() else end
            fence = "" if mark and line.strip().startswith(fence) else fence
            continue
        heading = _HEADING.match(line)
        if start >= 0 and (level := _underlined(text, start, end, low, line)):
            yield _Block(start, high, level, text[start:end])
            start = -1
            continue
        if start >= 0 and (heading or not line.strip()):
            yield _Block(start, end)
            start = -1
        if heading:
            yield _Block(low, high, len(heading.group(1)), heading.group(2).rstrip(" \t#").strip())
        elif line.strip():
            start = low + len(line) - len(line.lstrip()) if start < 0 else start
            end = low + len(line.rstrip())
            fence = mark.group(1) if mark else ""
    if start >= 0:
        yield _Block(start, end)


def _underlined(text: str, start: int, end: int, low: int, line: str) -> int:
    """The level, 1 or 2, if the line makes the one-line block above it a setext heading; else 0."""
    mark = line.strip()
    if len(mark) < 2 or mark.strip(mark[0]) or mark[0] not in "=-" or text.find("\n", start, low - 1) >= 0:
        return 0
    return (1 if mark[0] == "=" else 2) if UNDERLINED.fullmatch(f"{text[start:end]}\n{line}") else 0


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the lines, without line ends."""
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _cut(text: str, block: _Block) -> Iterator[_Block]:
    """The block, in parts if it is too long."""
    if count_words(text[block.start : block.end]) <= LONG:
        yield block
        return
    start = end = block.start
    for stop in _stops(text, block):
        if end > start and count_words(text[start:stop]) > (SHORT + LONG) // 2:
            yield _Block(start, end)
            start = end + len(text[end:stop]) - len(text[end:stop].lstrip())
        end = stop
    yield _Block(start, block.end)


def _stops(text: str, block: _Block) -> Iterator[int]:
    """Where a block may be split: after each sentence, or after each word of a sentence that is too long."""
    for low, high in sentences(text[block.start : block.end]):
        low, high = low + block.start, high + block.start
        if count_words(text[low:high]) > LONG:
            yield from (low + word.end() for word in re.finditer(r"\S+", text[low:high]))
        else:
            yield high


def _join_short_end(text: str, pieces: list[Piece]) -> list[Piece]:
    """Joins a last piece that is too short to the one before it."""
    if len(pieces) < 2:
        return pieces
    *rest, before, last = pieces
    short = count_words(text[last.start : last.end]) < SHORT // 2
    if short and count_words(text[before.start : last.end]) <= LONG + SHORT:
        return [*rest, Piece(before.headings, before.start, last.end)]
    return pieces
