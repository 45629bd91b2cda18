"""What a page has at hand while it answers: the services, who is looking, and what the browser sent, checked and bounded.

Whatever comes from a browser is text of a limited size under known names; who acts comes from the sign-in alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from assistant.bootstrap import App
from assistant.services.accounts.access import Actor
from assistant.services.results import Refusal

LONGEST_NAME, LONGEST_VALUE, MOST_FIELDS = 64, 61_000, 24
LARGEST = 2**53


@dataclass(frozen=True)
class PageContext:
    app: App
    actor: Actor


@dataclass(frozen=True)
class PageInput:
    """One event of the browser: its running number, the request on the page, the fields of a form, and whose page it is."""

    n: int = 0
    request: str = ""
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    who: str = ""

    def get(self, name: str) -> str:
        return self.fields.get(name, "")

    @staticmethod
    def read(data: object) -> PageInput:
        """From what an event carries; anything that is not of this form is left out."""
        if not isinstance(data, dict):
            return PageInput()
        n, fields = data.get("n"), data.get("fields")
        pairs = list(fields.items())[:MOST_FIELDS] if isinstance(fields, dict) else []
        kept = {key: _whole(value[:LONGEST_VALUE]) for key, value in pairs if _short(key) and isinstance(value, str)}
        number = n if isinstance(n, int) and 0 <= n < LARGEST else 0
        return PageInput(number, _name(data.get("request")), _name(data.get("name")), kept, _name(data.get("who")))


Act = Callable[[PageContext, PageInput], object | Refusal]
"""One action of a page; what it gives back is only looked at for being a refusal."""


Look = Callable[[PageContext, PageInput], dict[str, str] | Refusal]
"""Draws some regions and changes nothing."""
Work = Callable[[PageContext, PageInput], Iterator[dict[str, str] | Refusal]]
"""Something that takes a while: regions again and again, as it goes on."""


@dataclass(frozen=True)
class Page:
    """A page of its own address. `regions` draws its parts, by name; `acts`, `parts` and `works` are all that can be done.

    `missing` says that what the address names is not there for this person.
    """

    name: str
    path: str
    regions: Callable[[PageContext, PageInput], dict[str, str]]
    acts: Mapping[str, Act]
    parts: Mapping[str, Look] = field(default_factory=dict)
    works: Mapping[str, Work] = field(default_factory=dict)
    missing: Callable[[PageContext, PageInput], Refusal | None] = lambda context, sent: None


def _short(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_NAME


def _name(value: object) -> str:
    return value if isinstance(value, str) and _short(value) and value.isprintable() else ""


def _whole(value: str) -> str:
    """Without halves of characters, which no file can hold."""
    return value.encode("utf-8", "ignore").decode()
