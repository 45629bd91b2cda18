"""Renders text from people as safe HTML: Markdown, plain lines, and quotes. All user text passes through here.

Two layers: the parser is configured to produce only the elements in TAGS, and an allowlist sanitizer (nh3) removes anything
else. Dropped are control characters, bidirectional marks, invisible characters, image addresses, link titles and the language
of code blocks. All other text is kept: what is unsupported, too deeply nested or not allowed is shown as typed. The running
time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup, escape

from ui.rendering.highlight import SENTINEL, mark

LONGEST: Final = 200_000
"""Characters shown of a text; an ellipsis replaces the rest."""

SHORT: Final = 2_000
"""Texts up to this length are cached, because pages render the same messages repeatedly."""

DEEPEST: Final = 14
"""Deepest nesting of elements (five levels of a list with an emphasised word). A deeper text is shown as plain text."""

TAGS: Final = frozenset(
    "a blockquote br code em h1 h2 h3 h4 h5 h6 hr li mark ol p pre s small strong table tbody td th thead tr ul".split()
)
"""All elements that this module produces."""


def markdown(text: str, *, offset: int = 2, breaks: bool = False) -> Markup:
    """Markdown as safe HTML.

    Headings are lowered by `offset` levels, since a page has its own h1. `breaks` keeps line breaks, as in a message. Links
    are limited to http, https, mailto and anchors, and show their host; an image is replaced by its alternative text.
    """
    return (_markdown if len(text) > SHORT else _short_markdown)(text, offset, breaks)


def _markdown(text: str, offset: int, breaks: bool) -> Markup:
    return _safe(_html(_clean(text), offset, breaks))


_short_markdown = lru_cache(maxsize=1_000)(_markdown)


def passage(text: str, start: int, end: int, *, offset: int = 2) -> Markup:
    """A whole article as `markdown` renders it, with text[start:end] in <mark> elements, the first with id="quote".

    The offsets count characters of the raw Markdown and can be anywhere, also inside a word or in different blocks. Nothing
    is marked if the range has no visible text.
    """
    low, high = (len(_clean(text[: max(0, at)])) for at in (start, end))
    return _safe(mark(_clean(text), low, high, partial(_html, offset=offset, breaks=False)))


def line(text: str) -> Markup:
    """Escaped plain text with its line breaks."""
    return _lines(_clean(text))


def quote_in(text: str, quote: str) -> Markup:
    """Escaped plain text with the first occurrence of `quote` marked; the same as `line` if there is none."""
    whole, part = _clean(text), _clean(quote).strip()
    before, found, after = whole.partition(part) if part else (whole, "", "")
    marked = Markup("<mark>{}</mark>").format(_lines(found)) if found else ""
    return _lines(before) + marked + _lines(after)


# Characters: cleaning before and after rendering.


def _lines(clean: str) -> Markup:
    return escape(clean).replace("\n", Markup("<br>"))


def _table(dropped: Iterable[int]) -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(dropped)
    table |= dict.fromkeys((0x0B, 0x0C, 0x85), " ") | dict.fromkeys((0x2028, 0x2029), "\n")
    return table | dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")


_CONTROLS = [*range(0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0), 0x0D]
_BIDI = [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x2070)]
_INVISIBLE = [0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2066), 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)]
_NONCHARACTERS = [*range(0xFDD0, 0xFDF0), *(plane | low for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF))]
_BEFORE = _table([*_CONTROLS, *_BIDI, *_INVISIBLE, *_NONCHARACTERS])
_AFTER = _table([*_CONTROLS, *_BIDI, *_INVISIBLE])


def _clean(text: str) -> str:
    short = text if len(text) <= LONGEST else f"{text[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"
    return short.replace("\r\n", "\n").replace("\r", "\n").translate(_BEFORE)


# Links.

_WEB = re.compile(r"https?://([a-z0-9][a-z0-9.-]{0,252}(?::[0-9]{1,5})?)(?:[/?#][^\s\\]*)?", re.IGNORECASE | re.ASCII)
_MAIL = re.compile(r"mailto:([a-z0-9_.+-]{1,64}@[a-z0-9.-]{1,253})(?:\?subject=[^\s&]*)?", re.IGNORECASE | re.ASCII)
_ANCHOR = re.compile(r"#[a-z0-9_.%-]*", re.IGNORECASE | re.ASCII)


def _target(href: str) -> str | None:
    """The host or mail address of a link, "" for an anchor, None if the link is not allowed."""
    found = _WEB.fullmatch(href) or _MAIL.fullmatch(href)
    return found[1].lower() if found else "" if _ANCHOR.fullmatch(href) else None


def _shows_target(shown: str, target: str) -> bool:
    """Whether the text of a link is already its address."""
    address = rf"(?:https?://|mailto:)?{re.escape(target)}(?:[/?#].*)?"
    return re.fullmatch(address, shown.replace(SENTINEL, "").strip(), re.IGNORECASE | re.ASCII | re.DOTALL) is not None


# First layer: the parser.


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802
        return _target(url) is not None


class _Renderer(RendererHTML):
    """Differences from the default HTML. `env` has the heading offset and whether line breaks are kept."""

    def heading_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        level = int(tokens[at].tag[1:]) + int(env["offset"])
        tokens[at].tag = f"h{min(6, max(1, level))}"
        return self.renderToken(tokens, at, options, env)

    heading_close = heading_open

    def link_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        href = str(tokens[at].attrs["href"])
        tokens[at].attrs = {"href": href}
        if _target(href):
            tokens[at].attrSet("target", "_blank")
        return self.renderToken(tokens, at, options, env)

    def link_close(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        opened = next(n for n in range(at, -1, -1) if tokens[n].type == "link_open")
        target = _target(str(tokens[opened].attrs["href"]))
        shown = not target or _shows_target("".join(token.content for token in tokens[opened:at]), target)
        return "</a>" if shown else f"</a> <small>({target})</small>"

    def image(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        words = [token for token in tokens[at].children or () if not token.type.startswith("link_")]
        return self.renderInline(words, options, env)

    def softbreak(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        return "<br>\n" if env["breaks"] else "\n"

    def fence(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        info = tokens[at].info.strip()
        first_line = f"{info}\n" if len(info.split()) > 1 else ""
        return f"<pre><code>{escape(first_line + tokens[at].content)}</code></pre>\n"

    def td_open(self, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        side = str(tokens[at].attrs.get("style", "")).removeprefix("text-align:")
        tokens[at].attrs = {"class": side} if side in ("right", "center") else {}
        return self.renderToken(tokens, at, options, env)

    th_open = td_open


@cache
def _parser(links: bool) -> _Parser:
    """Without `links`, brackets are plain text, which saves a search for the end of each."""
    parser = _Parser("js-default", {"maxNesting": DEEPEST}, renderer_cls=_Renderer)
    parser.disable(["reference", "html_block", "html_inline", *([] if links else ["link", "image"])])
    return parser


def _html(text: str, offset: int, breaks: bool) -> str:
    """The parser's HTML of cleaned text, before sanitizing."""
    parser, env = _parser("](" in text), {"offset": offset, "breaks": breaks}
    tokens = parser.parse(text, env)
    if _depth(tokens) >= DEEPEST:
        return f"<p>{_lines(text)}</p>\n"
    return str(parser.renderer.render(tokens, parser.options, env)).translate(_AFTER)


def _depth(tokens: Iterable[Token]) -> int:
    level = deepest = 0
    for token in _flat(tokens):
        level += token.nesting
        deepest = max(deepest, level)
    return deepest


def _flat(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or ())


# Second layer: the sanitizer.


def _attribute(tag: str, name: str, value: str) -> str | None:
    return None if name == "href" and _target(value) is None else value


@cache
def _cleaner() -> nh3.Cleaner:
    sides = {"right", "center"}
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={"a": {"href"}, "ol": {"start"}},
        tag_attribute_values={"a": {"target": {"_blank"}}, "mark": {"id": {"quote"}}},
        allowed_classes={"td": sides, "th": sides},
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_attribute,
    )


def _safe(html: str) -> Markup:
    return Markup(_cleaner().clean(html))
