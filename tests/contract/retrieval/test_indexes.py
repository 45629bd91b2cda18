"""What every index must do, whoever stands behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from retrieval.adapters import mirrored_index
from retrieval.adapters.chroma_index import ChromaStore
from retrieval.adapters.exact_index import ExactIndex
from retrieval.adapters.mirrored_index import MirroredIndex
from retrieval.adapters.tantivy_index import TantivyIndex
from retrieval.errors import IndexMismatch
from retrieval.passages.fuse import ranked
from retrieval.ports import LexicalIndex, VectorIndex
from retrieval.text import content_stems, identifiers

SIZE = 200


def directions(count: int, seed: int = 7) -> NDArray[np.float32]:
    raw = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    unit: NDArray[np.float32] = raw / np.linalg.norm(raw, axis=1, keepdims=True)
    return unit


class VectorIndexContract:
    """Inherit, and give `index` with a dimension of 16."""

    def test_the_nearest_come_first_with_their_cosine(self, index: VectorIndex) -> None:
        vectors = directions(SIZE)
        index.upsert([f"a#{n}" for n in range(SIZE)], vectors)
        question = directions(1, seed=8)[0]
        wanted = ranked((f"a#{n}", float(vectors[n] @ question)) for n in range(SIZE))[:10]
        found = index.search(question, 10)
        assert [key for key, _ in found] == [key for key, _ in wanted]
        assert [score for _, score in found] == pytest.approx([score for _, score in wanted], abs=1e-4)

    def test_a_known_id_is_replaced_and_an_unknown_one_deleted_in_peace(self, index: VectorIndex) -> None:
        one, two = directions(2)
        index.upsert(["a", "b"], np.stack([one, two]))
        index.upsert(["a"], two[None])
        index.delete(["b", "nobody"])
        ((key, score),) = index.search(two, 5)
        assert key == "a"
        assert score == pytest.approx(1.0, abs=1e-4)

    def test_an_empty_index_finds_nothing_and_k_may_be_large_or_zero(self, index: VectorIndex) -> None:
        assert index.search(directions(1)[0], 5) == []
        index.upsert([], np.zeros((0, 16), dtype=np.float32))
        index.upsert(["a"], directions(1))
        assert len(index.search(directions(1)[0], 50)) == 1
        assert index.search(directions(1)[0], 0) == []

    def test_equal_scores_come_in_the_order_of_their_ids(self, index: VectorIndex) -> None:
        index.upsert(["c", "a", "b"], np.repeat(directions(1), 3, axis=0))
        assert [key for key, _ in index.search(directions(1)[0], 3)] == ["a", "b", "c"]

    def test_vectors_of_another_length_are_refused(self, index: VectorIndex) -> None:
        with pytest.raises(IndexMismatch):
            index.upsert(["a"], np.ones((1, 8), dtype=np.float32))


class TestExact(VectorIndexContract):
    @pytest.fixture
    def index(self) -> VectorIndex:
        return ExactIndex(16)


class TestChroma(VectorIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[VectorIndex]:
        store = ChromaStore(tmp_path / "vectors")
        yield store.index("passages", "test", 16)
        store.close()

    def test_another_embedder_is_refused_by_name(self, tmp_path: Path) -> None:
        store = ChromaStore(tmp_path / "other")
        store.index("passages", "one", 16)
        with pytest.raises(IndexMismatch, match=r"one.*two"):
            store.index("passages", "two", 16)
        store.close()

    def test_it_is_still_there_when_opened_again_and_holds_no_text(self, tmp_path: Path) -> None:
        store = ChromaStore(tmp_path / "again")
        store.index("passages", "one", 16).upsert(["a#1"], directions(1))
        store.close()
        store = ChromaStore(tmp_path / "again")
        assert store.index("passages", "one", 16).search(directions(1)[0], 1)[0][0] == "a#1"
        store.close()


@pytest.mark.parametrize("small", [0, 100, 20_000])
class TestMirrored(VectorIndexContract):
    @pytest.fixture
    def index(self, small: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VectorIndex]:
        monkeypatch.setattr(mirrored_index, "SMALL", small)
        store = ChromaStore(tmp_path / "vectors")
        yield MirroredIndex(lambda: store.index("passages", "test", 16), 16)
        store.close()


def test_a_copy_and_what_is_kept_say_the_same_and_only_writing_opens_the_latter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirrored_index, "SMALL", 4)
    kept, opened = ExactIndex(16), []

    def open_it() -> ExactIndex:
        opened.append(True)
        return kept

    vectors = directions(6)
    kept.upsert(["a", "b", "c"], vectors[:3])
    index = MirroredIndex(open_it, 16, [(["a", "b"], vectors[:2]), (["c"], vectors[2:3])])
    assert [key for key, _ in index.search(vectors[2], 1)] == ["c"]
    index.delete([])
    assert opened == []
    index.delete(["a"])
    index.upsert(["d"], vectors[3:4])
    assert opened == [True]
    assert index.search(vectors[3], 9) == kept.search(vectors[3], 9)
    index.upsert(["e", "f"], vectors[4:])
    assert len(kept) == 5
    assert index.search(vectors[5], 9) == kept.search(vectors[5], 9)
    assert MirroredIndex(open_it, 16, None).search(vectors[1], 1)[0][0] == "b"
    assert opened == [True, True]


class WordCounter:
    """A LexicalIndex of twenty lines, the fake twin."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}

    def upsert(self, texts: Sequence[tuple[str, str, str]]) -> None:
        for key, title, text in texts:
            bag = f"{title} {title} {text}"
            self._texts[key] = content_stems(bag) + identifiers(bag)

    def delete(self, ids: Sequence[str]) -> None:
        for key in ids:
            self._texts.pop(key, None)

    def search(self, text: str, k: int) -> list[tuple[str, float]]:
        wanted = {*content_stems(text), *identifiers(text)}
        scores = {key: float(sum(word in wanted for word in bag)) for key, bag in self._texts.items()}
        return ranked({key: score for key, score in scores.items() if score > 0})[:k]


class LexicalIndexContract:
    """Inherit, and give `index`."""

    def test_words_are_found_in_other_forms_and_the_title_counts_more(self, index: LexicalIndex) -> None:
        index.upsert([("a", "", "He presented the figures today"), ("b", "Presenting", "Figures and so on today")])
        assert [key for key, _ in index.search("how do I present?", 5)] == ["b", "a"]

    def test_what_is_replaced_or_deleted_is_not_found(self, index: LexicalIndex) -> None:
        index.upsert([("a", "", "apples"), ("b", "", "pears")])
        index.upsert([("a", "", "plums")])
        index.delete(["b", "nobody"])
        assert index.search("apples pears", 5) == []
        assert [key for key, _ in index.search("plums", 5)] == ["a"]

    def test_identifiers_are_found_exactly(self, index: LexicalIndex) -> None:
        index.upsert([("a", "", "The code ORA-00942 appears"), ("b", "", "The code ORA-00933 appears"), ("c", "", "C# too")])
        assert index.search("what is ORA-00942", 5)[0][0] == "a"
        assert [key for key, _ in index.search("C#", 1)] == ["c"]

    @pytest.mark.parametrize(
        "text", ["", "the of and", '"', "title:x AND (", "a*b ^ ~ \\", "+-&&||!(){}[]", "é 中文", "x" * 9000]
    )
    def test_nothing_that_is_asked_breaks_it(self, index: LexicalIndex, text: str) -> None:
        index.upsert([("a", "apples", "apples and pears")])
        assert index.search(text, 5) == []

    def test_equal_scores_come_in_the_order_of_their_ids(self, index: LexicalIndex) -> None:
        index.upsert([(key, "", "apples") for key in "cab"])
        assert [key for key, _ in index.search("apples", 3)] == ["a", "b", "c"]


class TestTantivyInMemory(LexicalIndexContract):
    @pytest.fixture
    def index(self) -> LexicalIndex:
        return TantivyIndex()


class TestTantivyOnDisk(LexicalIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path) -> LexicalIndex:
        return TantivyIndex(tmp_path / "words")

    def test_it_is_still_there_when_opened_again(self, tmp_path: Path) -> None:
        TantivyIndex(tmp_path / "w").upsert([("a", "", "apples")])
        assert [key for key, _ in TantivyIndex(tmp_path / "w").search("apples", 3)] == ["a"]


class TestWordCounter(LexicalIndexContract):
    @pytest.fixture
    def index(self) -> LexicalIndex:
        return WordCounter()
