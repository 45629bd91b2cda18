"""A BM25 index in tantivy, on disk or in memory: English stems, a title that weighs more, and exact identifiers.

Identifiers such as ORA-00942, C# or SOX are also indexed whole in a field of their own, so that an exact match weighs more than
one of their stemmed parts. Words are indexed, but no text is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tantivy

from retrieval.errors import IndexDamaged
from retrieval.passages.fuse import ranked
from retrieval.ports import Scored
from retrieval.text import STOP_WORDS, identifiers, words

TITLE_BOOST = 1.5
EXACT_BOOST = 1.5
HEAP_BYTES = 50_000_000
MAX_QUERY_WORDS = 64


class TantivyIndex:
    """A LexicalIndex, in memory if no folder is given. Raises IndexDamaged if the folder cannot be read."""

    def __init__(self, folder: Path | None = None) -> None:
        self._schema = _schema()
        try:
            if folder is None:
                self._index = tantivy.Index(self._schema)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                self._index = tantivy.Index(self._schema, path=str(folder))
        except (ValueError, OSError) as error:
            raise IndexDamaged("The lexical index cannot be opened.") from error
        exact = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(tantivy.Filter.lowercase()).build()
        self._index.register_tokenizer("exact", exact)

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def upsert(self, texts: Sequence[tuple[str, str, str]]) -> None:
        """Adds or replaces (id, title, text), and commits."""
        with self._index.writer(HEAP_BYTES, 1) as writer:
            for key, title, text in texts:
                writer.delete_documents_by_term("id", key)
                exact = " ".join(identifiers(f"{title}\n{text}"))
                writer.add_document(tantivy.Document(id=key, title=title, text=text, exact=exact))
        self._index.reload()

    def delete(self, ids: Sequence[str]) -> None:
        """Removes, and commits."""
        with self._index.writer(HEAP_BYTES, 1) as writer:
            for key in ids:
                writer.delete_documents_by_term("id", key)
        self._index.reload()

    def search(self, text: str, k: int) -> list[Scored]:
        """The k best by BM25, best first, ties by id."""
        query = self._query(text)
        if query is None or k < 1:
            return []
        searcher = self._index.searcher()
        try:
            hits = searcher.search(query, k, count=False).hits
            return ranked((str(searcher.doc(address).get_first("id")), float(score)) for score, address in hits)
        except (ValueError, OSError) as error:
            raise IndexDamaged("The lexical index cannot be read.") from error

    def _query(self, text: str) -> tantivy.Query | None:
        """Matches any word in title or text, or any identifier exactly; None if the text has neither."""
        plain = [word for word in dict.fromkeys(words(text)) if word not in STOP_WORDS][:MAX_QUERY_WORDS]
        parts = []
        if plain:
            boosts = {"title": TITLE_BOOST}
            parts.append(self._index.parse_query(_quoted(plain), ["title", "text"], field_boosts=boosts))
        for token in list(dict.fromkeys(identifiers(text)))[:MAX_QUERY_WORDS]:
            term = tantivy.Query.term_query(self._schema, "exact", token)
            parts.append(tantivy.Query.boost_query(term, EXACT_BOOST))
        if not parts:
            return None
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])


def _quoted(plain: Sequence[str]) -> str:
    """Words for the query parser, each in quotes so that none is parsed as an operator."""
    return " ".join(f'"{word}"' for word in plain)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title", tokenizer_name="en_stem", index_option="position")
    builder.add_text_field("text", tokenizer_name="en_stem", index_option="position")
    builder.add_text_field("exact", tokenizer_name="exact", index_option="freq")
    return builder.build()
