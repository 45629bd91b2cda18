"""Texts that are easy to write and hard to read: one short piece repeated, or runs of several pieces, to any length."""

from __future__ import annotations

from collections.abc import Callable

Generator = Callable[[int], str]


def repeated(piece: str, start: str = "", end: str = "") -> Generator:
    """`piece` again and again between `start` and `end`, cut to the length asked for."""

    def text(length: int) -> str:
        room = max(1, length - len(start) - len(end))
        return start + (piece * (room // len(piece) + 1))[:room] + end

    return text


def composed(*pieces: str) -> Generator:
    """A run of each piece in turn, all runs of the same length."""

    def text(length: int) -> str:
        share = max(1, length // len(pieces))
        return "".join(repeated(piece)(share) for piece in pieces)

    return text


def numbered(line: str) -> Generator:
    """Lines that differ by a number, so that no two are alike."""

    def text(length: int) -> str:
        return "".join(line.format(n=n) for n in range(length // len(line.format(n=0)) + 1))[:length]

    return text


PIECES = {
    "colons": ":", "question marks": "?", "exclamation marks": "!", "dashes": "-", "en dashes": "\u2013", "full stops": ".",
    "commas": ",", "semicolons": ";", "a,": "a,", "i": "i ", "a": "a", "capital a": "A", "links": "[](",
    "open links": "[a](", "brackets": "[", "closed brackets": "]", "images": "![a](b) ", "list items": "- a\n",
    "nested items": "- - ", "quotes": "> ", "quoted lines": "> a\n", "double quotes": '"', "apostrophes": "'",
    "open quotations": "\u201c", "combining marks": "a\u0301", "marks alone": "\u0301", "underscores": "_",
    "underscored words": "a_b ", "pipes": "|", "table rows": "a | b\n", "addresses": "https://a.bc/?d=e ",
    "one address": "a.b/", "digits": "1", "numbers": "1 ", "numbered items": "1. ", "dates": "12/12/2026 ",
    "dotted dates": "1.2.", "clock times": "12:30 ", "mails": "a@b.de ", "at signs": "a@", "a.": "a.",
    "open parentheses": "(", "parentheses": "(a) ", "nested parentheses": "((a", "backticks": "`", "code fences": "```\n",
    "tabs": "\t", "new lines": "\n", "spaces": " ", "blank lines": " \n", "no-break spaces": "\u00a0", "asterisks": "*",
    "emphasis": "*a ", "headings": "# a\n", "tags": "<a", "comments": "<!--", "entities": "&amp;", "names": "Ada Price ",
    "labels": "Ada: yes.\n", "and": "and ", "not": "not ", "not but": "not a but b ", "by friday": "by friday ",
    "the": "the ", "to": "to ", "is": "is a ", "i'd": "i'd ", "no wait": "no wait, ", "sorry": "sorry ", "please": "please ",
    "zero width": "\u200b", "joiners": "a\u200b", "emoji": "\U0001f600", "equals": "=", "keys": "goal: a\n",
    "arrows": "a -> ", "slashes": "/", "backslashes": '\\', "tildes": "~", "plus": "+1 ", "money": "\u20ac1 ",
    "per cent": "1% ", "initials": "A. ", "one letter words": "a b c ", "contractions": "don't ", "hyphens": "a-",
    "ellipses": "... ", "sentences": "We met. ", "questions": "Why is it so? ", "promises": "I'll send it by Friday. ",
    "seen before": "I said a, ", "ideographs": "\u6f22", "arabic": "\u0645 ", "dots in a word": "a\u00b7",
    "half closed": "a) ", "line feeds": "\r\n", "this next": "this next ", "i take back": "i take back ",
    "help me": "help me ", "changes": "change a to ", "not only": "not ,", "long questions": "Do you know if it is so? ",
    "off the record": "off the record. ", "orders": "I'll send it. ", "events": "Before the call, ask. ",
    "two dates": "1 May or 2 May, ", "open tables": "|-", "files": "a.pdf ", "dots and letters": "a.b.", "minutes": "10 - ",
    "ordinals": "the 1st ", "bracketed mails": "(a@b) ", "html": "<b>a</b> ", "slashed words": "a/b ", "hashes": "#",
    "carets": "^", "currency": "$", "quoted words": '"a" ', "curly quoted": "\u201ca\u201d ",
    "speakers": "Ada: I'll do it.\nNoor: off the record.\n",
}  # fmt: skip

GENERATORS: dict[str, Generator] = {
    **{name: repeated(piece) for name, piece in PIECES.items()},
    "spaces before a word": repeated(" ", "I need", "x"),
    "spaces before a mark": repeated(" ", "I need", "."),
    "marks before a word": repeated("?", "Is it", "so"),
    "marks then dates": composed("?", "by friday "),
    "digits in groups": composed("10 - ", "1", "12:30 "),
    "tabs before a word": repeated("\t", "a", "b"),
    "colons in words": repeated(":", "I need help", "today"),
    "dashes in words": repeated("-", "I need help", "today"),
    "a long word in a sentence": repeated("a", "I need ", " by Friday."),
    "digits in a sentence": repeated("1", "by ", " not"),
    "an open quotation": repeated("a b ", 'He said "'),
    "an open bracket": repeated("a b ", "see ["),
    "not without an end": repeated("a ", "not "),
    "an ending that never comes": repeated("the a ", "change ", " to"),
    "numbered lines": numbered("- item {n}\n"),
    "numbered names": numbered("Name{n} "),
    "numbered labels": numbered("Name {n}: I will do it.\n"),
    "numbered dates": numbered("by 1 May 20{n}. "),
    "numbered events": numbered("Before the call{n}, ask. "),
    "one speaker": repeated("We agreed. ", "Ada: yes.\nNoor: no.\nAda: yes.\nNoor: no.\nAda: "),
    "many speakers": lambda length: "".join(
        f"Ada: I see.\nNoor: yes.\nName {'abcdefghij'[n % 10]}{'klmnopqrst'[n // 10 % 10]}{'uvwxyz'[n // 100 % 6]}: ok.\n"
        for n in range(length // 32 + 1)
    )[:length],
    "marks then words": composed(":", "a "),
    "words then marks": composed("a ", ":"),
    "all white space": composed(" ", "\t", "\n", "\u00a0"),
    "all marks": composed(":", "-", "?", "(", '"', "'", "*", "_"),
    "words, spaces, marks": composed("word ", " ", "-", "not ", ", "),
}
