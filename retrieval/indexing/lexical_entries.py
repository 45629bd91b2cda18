"""What the lexical indexes store of a passage and of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.people.profile_text import words_once

if TYPE_CHECKING:
    from retrieval.passage import Passage, Profile


def passage_words(passage: Passage) -> tuple[str, str, str]:
    """Id, title (with the headings) and text of a passage."""
    return passage.id, " / ".join(dict.fromkeys([passage.title, *passage.headings])), passage.text


def profile_words(profile: Profile) -> tuple[str, str, str]:
    """Id, empty title and text of a person."""
    return profile.id, "", words_once(profile)
