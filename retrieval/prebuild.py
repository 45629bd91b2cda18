"""Writes the vectors that ship with Askwell. Run it after the content or the skills have changed.

python -m retrieval.prebuild content FOLDER    vectors of a folder with articles, guides and mentors
python -m retrieval.prebuild skills            vectors of the skill names in retrieval/data/skills.txt
"""

from __future__ import annotations

import sys
from pathlib import Path

from retrieval.adapters.minilm_embeddings import MiniLMEmbeddings
from retrieval.importing.content_files import load_articles, load_profiles
from retrieval.indexing.prebuilt_vectors import path_of, write_prebuilt
from retrieval.people.skill_names import write_skill_vectors


def prebuild_content(folder: Path) -> int:
    """Writes the vectors of a content folder; returns the number of texts."""
    embeddings = MiniLMEmbeddings()
    articles = [article for name in ("articles", "guides") for article in load_articles(folder / name)]
    profiles = [profile for file in sorted((folder / "mentors").glob("*.csv")) for profile in load_profiles(file)]
    return write_prebuilt(articles, profiles, embeddings, path_of(folder, embeddings.id))


def prebuild_skills() -> None:
    """Writes the vectors of the known skill names."""
    write_skill_vectors(MiniLMEmbeddings(), Path(__file__).parent / "data" / f"skills.{MiniLMEmbeddings.id}.npz")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["content", folder]:
            print(prebuild_content(Path(folder)), "texts")
        case ["skills"]:
            prebuild_skills()
        case _:
            raise SystemExit(__doc__)
