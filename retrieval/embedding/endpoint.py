"""The settings of an OpenAI-compatible embedding endpoint, and the known models. Values only; nothing is sent here."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from retrieval.errors import EmbeddingsUnavailable

OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Model:
    """A known model: dimension, US dollars per million tokens, and whether a smaller dimension can be requested."""

    dimension: int
    price: float
    shortens: bool


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An empty `base_url` means OpenAI's; `dimension` 0 means the dimension of the model, which must then be a known one."""

    base_url: str = ""
    model: str = "text-embedding-3-small"
    api_key: str = field(default="", repr=False)
    dimension: int = 0

    @property
    def id(self) -> str:
        """Names model and dimension, at most 80 characters. Vectors of different ids cannot be compared."""
        return f"openai-{self.model[-60:]}-{self.length}"

    @property
    def url(self) -> str:
        """The address without a trailing slash."""
        return self.base_url.rstrip("/") or OPENAI

    @property
    def length(self) -> int:
        """The dimension of the vectors. Raises EmbeddingsUnavailable if it is neither set nor known."""
        known = models().get(self.model)
        if not self.dimension and known is None:
            raise EmbeddingsUnavailable(
                f"How many numbers the model {self.model!r} gives a text is not known. Set ASKWELL_EMBEDDING_DIMENSION."
            )
        return self.dimension or (known.dimension if known else 0)

    @property
    def asked_length(self) -> int | None:
        """The dimension to request; None if it is the model's own or cannot be changed."""
        known = models().get(self.model)
        return self.length if known and known.shortens and self.length != known.dimension else None

    @property
    def price(self) -> float | None:
        """US dollars per million tokens; None for an unknown model, and for an address other than OpenAI's."""
        known = models().get(self.model)
        return known.price if known and self.url == OPENAI else None

    def check(self) -> None:
        """Raises EmbeddingsUnavailable if the key is missing or the address is invalid."""
        if not self.api_key and self.url == OPENAI:
            raise EmbeddingsUnavailable("There is no key for the embedding endpoint. Set ASKWELL_EMBEDDING_API_KEY.")
        if urlsplit(self.url).scheme not in ("http", "https"):
            raise EmbeddingsUnavailable("The address of the embedding endpoint must begin with http:// or https://.")


@cache
def models() -> dict[str, Model]:
    """The known models, by name."""
    table: dict[str, Any] = json.loads((files("retrieval") / "data" / "embedding_models.json").read_text("utf-8"))
    return {name: Model(row["dimension"], row["price"], row["shortens"]) for name, row in table["models"].items()}
