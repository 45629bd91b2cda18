"""Text becomes HTML that says the same and can do nothing; a range of the source is marked exactly where it shows."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from retrieval.importing.content_files import load_articles
from retrieval.passages.quote import quotable
from tests.hostile import HOSTILE
from ui.rendering.markdown import LONGEST, TAGS, _clean, _html, _safe, line, markdown, passage, quote_in

REL = 'rel="noopener noreferrer nofollow"'
ATTRIBUTES = {
    "a": {"href", "target", "rel"}, "ol": {"start"}, "mark": {"id"}, "td": {"class"}, "th": {"class"},
}  # fmt: skip


class Seen(HTMLParser):
    """What a reader of the HTML sees: elements, attributes, text, and the text inside <mark>."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.text, self.marked, self._marks, self._added = "", "", 0, 0
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self._marks += tag == "mark"
        self._added += tag == "small"

    def handle_endtag(self, tag: str) -> None:
        self._marks -= tag == "mark"
        self._added -= tag == "small"

    def handle_data(self, data: str) -> None:
        self.text += "" if self._added else data
        self.marked += data if self._marks else ""

    def handle_comment(self, data: str) -> None:
        self.tags.append("!--")


def unmarked(html: str) -> str:
    return re.sub(r'<mark(?: id="quote")?>|</mark>', "", html)


def letters(text: str) -> str:
    return "".join(filter(str.isalpha, text))


# Markdown.


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*a* **b** ~~c~~ `d<e`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d&lt;e</code></p>"),
        ("# a\n\n###### b", "<h3>a</h3>\n<h6>b</h6>"),
        ("a\n===", "<h3>a</h3>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> a\n\n---", "<blockquote>\n<p>a</p>\n</blockquote>\n<hr>"),
        ("```python\nx < y\n```", "<pre><code>x &lt; y\n</code></pre>"),
        ("``` said here\nx", "<pre><code>said here\nx</code></pre>"),
        ("<b>a</b> <!-- b -->", "<p>&lt;b&gt;a&lt;/b&gt; &lt;!-- b --&gt;</p>"),
        ("![a *b* &amp; c](http://attacker.invalid/x 'd')", "<p>a <em>b</em> &amp; c</p>"),
        ("![a [b](http://x.org)](http://x.org/)", "<p>a b</p>"),
        ("[note]: kept", "<p>[note]: kept</p>"),
        ("a\nb", "<p>a\nb</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown(text: str, html: str) -> None:
    assert markdown(text).strip() == html
    assert isinstance(markdown(text), Markup)


def test_a_table_keeps_the_sides_of_its_columns() -> None:
    html = markdown("| a | b | c |\n|---|--:|:-:|\n| d | e | f |")
    assert '<td>d</td>\n<td class="right">e</td>\n<td class="center">f</td>' in html


def test_headings_sink_as_far_as_the_page_wants() -> None:
    assert markdown("# a", offset=0) == "<h1>a</h1>\n"
    assert markdown("#### a", offset=9) == "<h6>a</h6>\n"
    assert passage("# a", 2, 3, offset=1) == '<h2><mark id="quote">a</mark></h2>\n'


def test_a_message_keeps_its_lines() -> None:
    assert markdown("a\nb", breaks=True) == "<p>a<br>\nb</p>\n"


@pytest.mark.parametrize(
    ("text", "href", "shown"),
    [
        ("[a](https://x.org/b?c=1&d=2#e)", "https://x.org/b?c=1&amp;d=2#e", "a</a> <small>(x.org)</small>"),
        ("[bank.com](http://x.org:81)", "http://x.org:81", "bank.com</a> <small>(x.org:81)</small>"),
        ("[https://x.org.evil.org](https://x.org)", "https://x.org", "https://x.org.evil.org</a> <small>(x.org)</small>"),
        ("[x.org](https://x.org/a)", "https://x.org/a", "x.org</a>"),
        ("<HTTPS://x.org/a>", "https://x.org/a", "https://x.org/a</a>"),
        ("<https://\u0440.org>", "https://xn--e1ai.org", ""),
        ("[me](mailto:a@b.co?subject=x)", "mailto:a@b.co?subject=x", "me</a> <small>(a@b.co)</small>"),
        ("<a@b.co>", "mailto:a@b.co", "a@b.co</a>"),
    ],
)  # fmt: skip
def test_a_link_names_where_it_leads(text: str, href: str, shown: str) -> None:
    html = markdown(text)
    if shown:
        assert f'<a href="{href}" target="_blank" {REL}>{shown}' in html.replace("HTTPS:", "https:")
    else:
        host = re.search(r'href="https://(xn--[a-z0-9-]+\.org)"', html)
        assert host
        assert f"({host[1]})" in html


def test_an_anchor_stays_on_the_page() -> None:
    assert markdown("[a](#b)") == f'<p><a href="#b" {REL}>a</a></p>\n'


@pytest.mark.parametrize(
    "href",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "vbscript:x", "file:///x", "//x.org", "/x", "x.html",
     "https://a@x.org", "https:x.org", "https:///x.org", "ftp://x.org", "mailto:a@b.co?bcc=c@d.co", "&#106;avascript:x",
     "javascript&colon;x", "https:\\\\x.org", "blob:https://x.org/1"],
)  # fmt: skip
def test_any_other_link_is_only_shown(href: str) -> None:
    html = markdown(f"[a]({href}) <{href}>")
    assert "<a " not in html
    assert html.count("[a](") == 1


def test_characters_that_deceive_are_dropped() -> None:
    text = "a\u202eb\u2066c\x00d\x1be\u200bf\ufdd0g\U000e0041h &#x202e;&#x2066;i"
    assert markdown(text) == "<p>abcdefgh i</p>\n"
    assert line(text.partition(" ")[0]) == "abcdefgh"
    assert line("a\ud800\r\nb\rc\u2028d\x0be") == "a\ufffd<br>b<br>c<br>d e"


def test_characters_that_people_need_are_kept() -> None:
    text = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f469\u200d\U0001f467 \U0001f44d\U0001f3fd e\u0301 \u6f22"
    assert line(text) == text
    assert markdown(text) == f"<p>{text}</p>\n"


# Limits.


def test_a_text_that_is_too_long_is_cut_and_says_so() -> None:
    for shown in (line("a" * (LONGEST + 9)), markdown("a" * (LONGEST + 9)), quote_in("a" * (LONGEST + 9), "b")):
        assert Seen(shown).text.strip() == "a" * LONGEST + "\u2026"


@pytest.mark.parametrize("deep", [">" * 40 + "word", "- " * 40 + "word", "*a " * 40 + "word" + " b*" * 40])
def test_what_is_too_deep_is_shown_as_typed(deep: str) -> None:
    assert Seen(markdown(deep)).text.strip() == deep
    assert passage(deep, deep.index("word"), deep.index("word") + 4).count('<mark id="quote">word</mark>') == 1


def test_five_levels_of_a_list_are_not_too_deep() -> None:
    deep = "".join(f"{'  ' * level}- **level**\n" for level in range(5))
    assert markdown(deep).count("<ul>") == 5


@pytest.mark.parametrize("part", ["[", "*", ">", "`", "![", "[a](", "<a", "&", "_a*", "- ", "> a\n", "|", "a\n", "\\", "~~a "])
def test_100_kb_of_anything_takes_less_than_a_second(part: str) -> None:
    text = part * (100_000 // len(part))
    assert any(seconds(text) < 1 for _ in range(3))


def seconds(text: str) -> float:
    began = time.process_time()
    markdown(text)
    return time.process_time() - began


# Plain lines and quotes.


def test_a_line_is_the_text_and_nothing_else() -> None:
    assert line("<b>\"a\" & 'b'\n\n") == "&lt;b&gt;&#34;a&#34; &amp; &#39;b&#39;<br><br>"


def test_a_quote_is_marked_in_the_message_that_holds_it() -> None:
    assert quote_in("a <b>\nc a", "<b>\r\nc") == "a <mark>&lt;b&gt;<br>c</mark> a"
    assert quote_in("a b a", "a") == "<mark>a</mark> b a"


@pytest.mark.parametrize("quote", ["", "  ", "d", "<mark>"])
def test_a_quote_that_is_not_there_changes_nothing(quote: str) -> None:
    assert quote_in("a <b> c", quote) == line("a <b> c")


# Hostile strings.


SINKS: dict[str, Callable[[str], str]] = {
    "markdown": markdown,
    "line": line,
    "passage": lambda text: passage(text, 0, len(text)),
    "quote_in": lambda text: quote_in(text, text[1:-1]),
    "the first wall alone": lambda text: _html(_clean(text), 2, False),
    "the second wall alone": lambda text: _safe(_clean(text)),
}


@pytest.mark.parametrize("render", SINKS.values(), ids=list(SINKS))
def test_hostile_strings_stay_words(render: Callable[[str], str]) -> None:
    for text in HOSTILE:
        seen = Seen(render(text))
        assert set(seen.tags) <= TAGS, text
        for tag, name, value in seen.attributes:
            assert name in ATTRIBUTES.get(tag, set()), text
            assert name != "href" or re.match(r"https?://[a-z0-9]|mailto:|#", value or "", re.IGNORECASE), text
            assert name != "id" or value == "quote", text


def test_there_are_500_different_hostile_strings() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 500


# Passages. In the written texts of these properties what a reader sees is in lower-case letters, and markup has none.

words = st.text("abcdefghij", min_size=1, max_size=6)
inline = st.one_of(
    words,
    st.builds("*{}*".format, words),
    st.builds("**{} *{}***".format, words, words),
    st.builds("`{}`".format, words),
    st.builds("[{}](HTTPS://192.0.2.1/7?A=9)".format, words),
    st.builds("![{}](HTTPS://192.0.2.1/7)".format, words),
    st.builds("{}_{}\\*{}&#42;".format, words, words, words),
)
sentence = st.lists(inline, min_size=1, max_size=5).map(" ".join)
block = st.one_of(
    sentence,
    st.builds("## {}".format, sentence),
    st.builds("{}\n{}".format, sentence, sentence),
    st.builds("{}\n---".format, sentence),
    st.builds("- {}\n- {}\n  1. {}\n\n     {}".format, sentence, sentence, sentence, sentence),
    st.builds("> {}\n{}".format, sentence, sentence),
    st.builds("| {} | {} |\n|---|--:|\n| {} | {} |".format, sentence, sentence, sentence, words),
    st.builds("```\n{}\n\n{}\n```".format, words, words),
    st.builds("    {}\n      {}".format, words, words),
)
document = st.lists(block, min_size=1, max_size=4).map("\n\n".join)


def visible(text: str) -> str:
    return "".join(filter("abcdefghij".__contains__, text))


@settings(max_examples=200)
@given(document, st.data())
def test_the_marked_words_are_the_words_of_the_range(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    html = passage(text, start, end)
    assert unmarked(html) == markdown(text)
    assert visible(Seen(html).marked) == visible(text[start:end])
    assert html.count('id="quote"') == min(1, html.count("<mark"))


@settings(max_examples=250)
@given(st.text("ab *_`[]()!<>#-|&;:\\\n\t1.~\r\0\u202e\ufdd0", max_size=60), st.data())
def test_marks_change_nothing_else(text: str, data: st.DataObject) -> None:
    start, end = data.draw(st.integers(-3, 70)), data.draw(st.integers(-3, 70))
    html = passage(text, start, end)
    assert unmarked(html) == markdown(text)
    assert Seen(html).text == Seen(markdown(text)).text
    assert Seen(html).tags.count("mark") == html.count("</mark>")


def test_a_passage_crosses_blocks_and_emphasis() -> None:
    text = "A *long word* here.\n\n- item\n- other"
    assert passage(text, text.index("ng"), text.index("em")) == (
        '<p>A <em>lo<mark id="quote">ng word</mark></em><mark> here.</mark></p>\n'
        "<ul>\n<li><mark>it</mark>em</li>\n<li>other</li>\n</ul>\n"
    )


def test_the_host_that_is_added_to_a_link_is_not_marked() -> None:
    text = "See [this](https://x.org) now"
    assert Seen(passage(text, 0, len(text))).marked == "See this now"


def test_line_ends_of_another_system_do_not_shift_the_range() -> None:
    text = "a\r\n\r\nb word\r\n\u202ec last"
    assert Seen(passage(text, text.index("word"), text.index("word") + 4)).marked == "word"
    assert Seen(passage(text, text.index("last"), text.index("last") + 4)).marked == "last"


def test_a_range_of_markup_alone_marks_nothing() -> None:
    text = "a&#42;\n**b**"
    assert passage(text, text.index("#"), text.index("*b")) == markdown(text)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 1), (90, 99), (0, 2), (-5, -1)])
def test_a_range_without_text_marks_nothing(start: int, end: int) -> None:
    assert passage("# \n\nword", start, end) == markdown("# \n\nword")


@cache
def articles() -> tuple[str, ...]:
    folder = Path(str(resources.files("knowledge_base"))) / "articles"
    return tuple(article.text for article in load_articles(folder))


def shown(text: str) -> str:
    """The text with the languages of code blanked out: they are the only letters of an article that nobody sees."""
    return re.sub(r"^```\w+", lambda found: "`" * len(found[0]), text, flags=re.MULTILINE)


def test_every_article_shows_all_of_its_words() -> None:
    for text in articles():
        assert letters(Seen(markdown(text)).text) == letters(shown(text))


def test_sentences_and_chance_ranges_of_every_article_are_marked() -> None:
    chance = random.Random(7)
    for text in articles():
        pairs = [tuple(sorted(chance.sample(range(len(text) + 1), 2))) for _ in range(4)]
        html = markdown(text)
        for start, end in [*quotable(text)[::9], *pairs]:
            marked = passage(text, start, end)
            assert letters(Seen(marked).marked) == letters(shown(text)[start:end]), text[start:end]
            assert unmarked(marked) == html
